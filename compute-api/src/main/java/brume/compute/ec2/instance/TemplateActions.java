package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.instance.LaunchSettings.MetadataShape;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Once;
import brume.compute.ec2.wire.Required;
import brume.compute.resource.Tagged;
import brume.compute.template.LaunchTemplate;
import brume.compute.template.TemplateCommands;
import brume.compute.template.TemplateVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateLaunchTemplate and -Version, DescribeLaunchTemplates and -Versions, ModifyLaunchTemplate,
/// DeleteLaunchTemplate and -Versions.
@Component
class TemplateActions implements Ec2Actions {
  private static final Filters<Tagged<LaunchTemplate>> FILTERS =
      new Filters<Tagged<LaunchTemplate>>()
          .on("launch-template-name", template -> template.row().name())
          .on("create-time", template -> template.row().createdAt())
          .onTags(Tagged::tags);

  private static final Filters<VersionShape> VERSION_FILTERS =
      new Filters<VersionShape>()
          .on("is-default-version", VersionShape::defaultVersion)
          .on("create-time", VersionShape::createTime)
          .on("image-id", version -> version.launchTemplateData().imageId())
          .on("instance-type", version -> version.launchTemplateData().instanceType())
          .on("ebs-optimized", version -> version.launchTemplateData().ebsOptimized())
          .on("http-tokens", version -> metadata(version, MetadataShape::httpTokens))
          .on("http-endpoint", version -> metadata(version, MetadataShape::httpEndpoint))
          .never(
              "host-resource-group-arn",
              "http-protocol-ipv4",
              "iam-instance-profile",
              "kernel-id",
              "license-configuration-arn",
              "network-card-index",
              "ram-disk-id");

  private static @Nullable Object metadata(
      VersionShape version, Function<MetadataShape, @Nullable String> part) {
    MetadataShape options = version.launchTemplateData().metadataOptions();
    return options == null ? null : part.apply(options);
  }

  private final TemplateCommands commands;
  private final Templates templates;

  TemplateActions(TemplateCommands commands, Templates templates) {
    this.commands = commands;
    this.templates = templates;
  }

  record TemplateShape(
      String launchTemplateId,
      String launchTemplateName,
      Instant createTime,
      String createdBy,
      long defaultVersionNumber,
      long latestVersionNumber,
      List<Tag> tagSet) {
    static TemplateShape of(Tagged<LaunchTemplate> tagged) {
      LaunchTemplate template = tagged.row();
      return new TemplateShape(
          template.id(),
          template.name(),
          template.createdAt(),
          template.createdBy(),
          template.defaultVersion(),
          template.latestVersion(),
          Tag.of(tagged.tags()));
    }
  }

  record VersionShape(
      String launchTemplateId,
      String launchTemplateName,
      long versionNumber,
      @Nullable String versionDescription,
      Instant createTime,
      String createdBy,
      boolean defaultVersion,
      TemplateContent launchTemplateData) {}

  private VersionShape shape(LaunchTemplate template, TemplateVersion version) {
    return new VersionShape(
        template.id(),
        template.name(),
        version.number(),
        version.description(),
        version.createdAt(),
        version.createdBy(),
        version.number() == template.defaultVersion(),
        TemplateContent.of(templates.settings(version)));
  }

  record CreateLaunchTemplate(
      @Required String launchTemplateName,
      @Nullable String versionDescription,
      @Nullable LaunchSettings launchTemplateData,
      @Once @Nullable String clientToken,
      List<TagSpecification> tagSpecification) {}

  record TemplateAnswer(TemplateShape launchTemplate) {}

  public TemplateAnswer createLaunchTemplate(Ec2Call call, CreateLaunchTemplate request) {
    if (request.launchTemplateData() == null) {
      throw Ec2Fault.missing("LaunchTemplateData");
    }
    return new TemplateAnswer(
        TemplateShape.of(
            commands.create(
                call.caller(),
                call.scope(),
                request.launchTemplateName(),
                request.versionDescription(),
                templates.content(request.launchTemplateData()),
                TagSpecification.of("launch-template", request.tagSpecification()))));
  }

  record CreateLaunchTemplateVersion(
      @Nullable String launchTemplateId,
      @Nullable String launchTemplateName,
      @Nullable String sourceVersion,
      @Nullable String versionDescription,
      @Nullable LaunchSettings launchTemplateData,
      @Nullable Boolean resolveAlias,
      @Once @Nullable String clientToken) {}

  record VersionAnswer(VersionShape launchTemplateVersion) {}

  public VersionAnswer createLaunchTemplateVersion(
      Ec2Call call, CreateLaunchTemplateVersion request) {
    LaunchTemplate template =
        templates.find(call, request.launchTemplateId(), request.launchTemplateName());
    LaunchSettings settings = request.launchTemplateData();
    if (settings == null) {
      throw Ec2Fault.missing("LaunchTemplateData");
    }
    if (request.sourceVersion() != null) {
      TemplateVersion source = templates.version(call, template, request.sourceVersion());
      settings = settings.or(templates.settings(source));
    }
    TemplateVersion made =
        commands.createVersion(
            call.caller(),
            call.scope(),
            template,
            request.versionDescription(),
            templates.content(settings));
    return new VersionAnswer(shape(template, made));
  }

  @NotHere("IncludeManagedResources")
  record DescribeLaunchTemplates(
      List<String> launchTemplateId,
      List<String> launchTemplateName,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeLaunchTemplatesAnswer(
      List<TemplateShape> launchTemplates, @Nullable String nextToken) {}

  public DescribeLaunchTemplatesAnswer describeLaunchTemplates(
      Ec2Call call, DescribeLaunchTemplates request) {
    List<String> ids = new ArrayList<>(request.launchTemplateId());
    request.launchTemplateName().forEach(name -> ids.add(templates.find(call, null, name).id()));
    Pages.Page<Tagged<LaunchTemplate>> page =
        Listing.of(
            call,
            commands.templates(),
            FILTERS,
            new Listing.Asked(ids, request.filter(), request.maxResults(), request.nextToken()));
    return new DescribeLaunchTemplatesAnswer(
        page.items().stream().map(TemplateShape::of).toList(), page.nextToken());
  }

  @NotHere("IncludeManagedResources")
  record DescribeLaunchTemplateVersions(
      @Nullable String launchTemplateId,
      @Nullable String launchTemplateName,
      List<String> launchTemplateVersion,
      @Nullable String minVersion,
      @Nullable String maxVersion,
      @Nullable Boolean resolveAlias,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeLaunchTemplateVersionsAnswer(
      List<VersionShape> launchTemplateVersionSet, @Nullable String nextToken) {}

  /// Newest first, of one template; without a template the `$Latest` or `$Default` of all.
  public DescribeLaunchTemplateVersionsAnswer describeLaunchTemplateVersions(
      Ec2Call call, DescribeLaunchTemplateVersions request) {
    Pages pages = Pages.of(call.action(), request.maxResults(), request.nextToken());
    List<VersionShape> all = new ArrayList<>();
    if (request.launchTemplateId() == null && request.launchTemplateName() == null) {
      for (LaunchTemplate template : commands.templates().all(call.scope())) {
        for (String number : request.launchTemplateVersion()) {
          all.add(shape(template, templates.version(call, template, number)));
        }
      }
    } else {
      LaunchTemplate template =
          templates.find(call, request.launchTemplateId(), request.launchTemplateName());
      List<TemplateVersion> versions =
          request.launchTemplateVersion().isEmpty()
              ? commands.versions(call.scope(), template)
              : request.launchTemplateVersion().stream()
                  .map(number -> templates.version(call, template, number))
                  .distinct()
                  .toList();
      long least = number("MinVersion", request.minVersion(), 1);
      long most = number("MaxVersion", request.maxVersion(), Long.MAX_VALUE);
      versions.stream()
          .filter(version -> version.number() >= least && version.number() <= most)
          .sorted(Comparator.comparingLong(TemplateVersion::number).reversed())
          .forEach(version -> all.add(shape(template, version)));
    }
    List<VersionShape> chosen =
        all.stream().filter(VERSION_FILTERS.select(request.filter())).toList();
    Pages.Page<VersionShape> page = pages.cut(chosen, TemplateActions::position);
    return new DescribeLaunchTemplateVersionsAnswer(page.items(), page.nextToken());
  }

  /// Falls as the number rises: the newest come first.
  private static String position(VersionShape version) {
    return version.launchTemplateId()
        + String.format("%019d", Long.MAX_VALUE - version.versionNumber());
  }

  private static long number(String name, @Nullable String text, long usual) {
    if (text == null) {
      return usual;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw Ec2Fault.value(name, text, "It must be a number.");
    }
    return Long.parseLong(text);
  }

  record ModifyLaunchTemplate(
      @Nullable String launchTemplateId,
      @Nullable String launchTemplateName,
      @Nullable String setDefaultVersion,
      @Once @Nullable String clientToken) {}

  public TemplateAnswer modifyLaunchTemplate(Ec2Call call, ModifyLaunchTemplate request) {
    LaunchTemplate template =
        templates.find(call, request.launchTemplateId(), request.launchTemplateName());
    if (request.setDefaultVersion() == null) {
      throw Ec2Fault.missing("SetDefaultVersion");
    }
    TemplateVersion version = templates.version(call, template, request.setDefaultVersion());
    LaunchTemplate changed = commands.setDefault(call.scope(), template, version.number());
    return new TemplateAnswer(
        TemplateShape.of(commands.templates().tagged(call.scope(), List.of(changed)).getFirst()));
  }

  record DeleteLaunchTemplate(
      @Nullable String launchTemplateId, @Nullable String launchTemplateName) {}

  public TemplateAnswer deleteLaunchTemplate(Ec2Call call, DeleteLaunchTemplate request) {
    LaunchTemplate template =
        templates.find(call, request.launchTemplateId(), request.launchTemplateName());
    commands.delete(call.scope(), template);
    return new TemplateAnswer(TemplateShape.of(new Tagged<>(template, Map.of())));
  }

  record DeleteLaunchTemplateVersions(
      @Nullable String launchTemplateId,
      @Nullable String launchTemplateName,
      @Required List<String> launchTemplateVersion) {}

  record DeletedShape(String launchTemplateId, String launchTemplateName, long versionNumber) {}

  record FaultShape(String code, String message) {}

  record KeptShape(
      String launchTemplateId,
      String launchTemplateName,
      long versionNumber,
      FaultShape responseError) {}

  record DeleteVersionsAnswer(
      List<DeletedShape> successfullyDeletedLaunchTemplateVersionSet,
      List<KeptShape> unsuccessfullyDeletedLaunchTemplateVersionSet) {}

  /// The default version stays.
  public DeleteVersionsAnswer deleteLaunchTemplateVersions(
      Ec2Call call, DeleteLaunchTemplateVersions request) {
    LaunchTemplate template =
        templates.find(call, request.launchTemplateId(), request.launchTemplateName());
    List<DeletedShape> deleted = new ArrayList<>();
    List<KeptShape> kept = new ArrayList<>();
    for (String text : request.launchTemplateVersion().stream().distinct().toList()) {
      long number = number("LaunchTemplateVersion", text, 0);
      var version = commands.version(call.scope(), template, number);
      if (version.isEmpty() || number == template.defaultVersion()) {
        String code = version.isEmpty() ? "launchTemplateVersionDoesNotExist" : "unexpectedError";
        String message =
            version.isEmpty()
                ? "The specified launch template version does not exist"
                : "The default version can not be deleted";
        kept.add(
            new KeptShape(template.id(), template.name(), number, new FaultShape(code, message)));
      } else {
        commands.deleteVersion(version.get());
        deleted.add(new DeletedShape(template.id(), template.name(), number));
      }
    }
    return new DeleteVersionsAnswer(deleted, kept);
  }
}
