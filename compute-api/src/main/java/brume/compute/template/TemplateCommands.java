package brume.compute.template;

import brume.compute.access.Caller;
import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.OwnedTable;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;

/// Makes, changes and deletes launch templates and their versions.
@Component
public class TemplateCommands {
  public static final int TEMPLATES_MAX = 5_000;
  public static final int VERSIONS_MAX = 10_000;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9()./_-]{3,128}");

  private final OwnedTable<LaunchTemplate> templates;
  private final OwnedTable<TemplateVersion> versions;
  private final AccountStore accounts;
  private final IdGenerator ids;
  private final Clock clock;

  TemplateCommands(OwnedTable.Factory tables, AccountStore accounts, IdGenerator ids, Clock clock) {
    templates =
        tables.table("compute.launch_template", LaunchTemplate.class, ResourceKind.LAUNCH_TEMPLATE);
    versions =
        tables.table(
            "compute.launch_template_version", TemplateVersion.class, ResourceKind.LAUNCH_TEMPLATE);
    this.accounts = accounts;
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public Tagged<LaunchTemplate> create(
      Caller caller,
      Scope scope,
      String name,
      @Nullable String description,
      JsonNode content,
      Map<String, String> tags) {
    accounts.lock(scope.accountId());
    if (!NAME.matcher(name).matches()) {
      throw Refused.invalid(
          "launch_template_name_malformed",
          "LaunchTemplateName",
          "The launch template name '"
              + Fields.shown(name)
              + "' must have 3 to 128 characters of a-z A-Z 0-9 and ().-/_");
    }
    if (named(scope, name).isPresent()) {
      throw Refused.conflict("launch_template_duplicate", "Launch template name already in use.");
    }
    if (templates.count(scope) >= TEMPLATES_MAX) {
      throw Refused.conflict(
          "launch_template_limit_exceeded",
          "You have reached the limit of " + TEMPLATES_MAX + " launch templates in a region");
    }
    LaunchTemplate template =
        new LaunchTemplate(
            ids.next("lt-"),
            scope.accountId(),
            scope.region(),
            name,
            1,
            1,
            caller.principal().id(),
            clock.instant());
    Tagged<LaunchTemplate> made = templates.insert(template, tags);
    insert(caller, template, 1, description, content);
    return made;
  }

  public OwnedTable<LaunchTemplate> templates() {
    return templates;
  }

  private TemplateVersion insert(
      Caller caller,
      LaunchTemplate template,
      long number,
      @Nullable String description,
      JsonNode content) {
    TemplateVersion version =
        new TemplateVersion(
            template.id() + ":" + number,
            template.accountId(),
            template.region(),
            template.id(),
            number,
            description == null ? null : Fields.text("VersionDescription", description, 0, 255),
            content,
            caller.principal().id(),
            clock.instant());
    versions.insert(version, Map.of());
    return version;
  }

  public Optional<LaunchTemplate> named(Scope scope, String name) {
    return templates.where(scope, "name = ?", name).stream().findFirst();
  }

  public List<TemplateVersion> versions(Scope scope, LaunchTemplate template) {
    return versions.where(scope, "template_id = ?", template.id());
  }

  public Optional<TemplateVersion> version(Scope scope, LaunchTemplate template, long number) {
    return versions.find(scope, template.id() + ":" + number);
  }

  @Transactional
  public TemplateVersion createVersion(
      Caller caller,
      Scope scope,
      LaunchTemplate template,
      @Nullable String description,
      JsonNode content) {
    accounts.lock(scope.accountId());
    LaunchTemplate now = templates.require(scope, template.id());
    if (versions(scope, now).size() >= VERSIONS_MAX) {
      throw Refused.conflict(
          "launch_template_version_limit_exceeded",
          "A launch template has at most " + VERSIONS_MAX + " versions");
    }
    long number = now.latestVersion() + 1;
    templates.update(now.with(now.defaultVersion(), number));
    return insert(caller, now, number, description, content);
  }

  @Transactional
  public LaunchTemplate setDefault(Scope scope, LaunchTemplate template, long number) {
    accounts.lock(scope.accountId());
    LaunchTemplate now = templates.require(scope, template.id());
    LaunchTemplate changed = now.with(number, now.latestVersion());
    templates.update(changed);
    return changed;
  }

  @Transactional
  public void deleteVersion(TemplateVersion version) {
    accounts.lock(version.accountId());
    versions.delete(version);
  }

  @Transactional
  public void delete(Scope scope, LaunchTemplate template) {
    accounts.lock(scope.accountId());
    versions(scope, template).forEach(versions::delete);
    templates.delete(template);
  }
}
