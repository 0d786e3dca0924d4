package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import brume.compute.refusal.Refused;
import brume.compute.template.LaunchTemplate;
import brume.compute.template.TemplateCommands;
import brume.compute.template.TemplateVersion;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Finds templates by what clients call them, and reads what their versions say.
@Component
class Templates {
  private final TemplateCommands commands;
  private final JsonMapper json;

  Templates(TemplateCommands commands, JsonMapper json) {
    this.commands = commands;
    this.json = json.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  }

  /// A version that a launch is made from.
  record Chosen(String id, String version, LaunchSettings settings) {}

  @Nullable Chosen chosen(Ec2Call call, LaunchActions.@Nullable TemplateReference reference) {
    if (reference == null) {
      return null;
    }
    LaunchTemplate template =
        find(call, reference.launchTemplateId(), reference.launchTemplateName());
    String number = reference.version() == null ? "$Default" : reference.version();
    TemplateVersion version = version(call, template, number);
    return new Chosen(template.id(), String.valueOf(version.number()), settings(version));
  }

  LaunchSettings settings(TemplateVersion version) {
    return json.treeToValue(version.content(), LaunchSettings.class);
  }

  JsonNode content(LaunchSettings settings) {
    return json.valueToTree(settings);
  }

  LaunchTemplate find(Ec2Call call, @Nullable String id, @Nullable String name) {
    if ((id == null) == (name == null)) {
      throw id == null
          ? Ec2Fault.missing("LaunchTemplateId")
          : Ec2Fault.combination("Either LaunchTemplateId or LaunchTemplateName may be given.");
    }
    if (id != null) {
      return commands.templates().require(call.scope(), id);
    }
    return commands
        .named(call.scope(), String.valueOf(name))
        .orElseThrow(() ->
            Refused.notFound(
                "launch_template_name_not_found",
                "LaunchTemplateName",
                "The specified launch template, with template name "
                    + Text.shown(String.valueOf(name))
                    + ", does not exist."));
  }

  /// @param number or `$Default` or `$Latest`
  TemplateVersion version(Ec2Call call, LaunchTemplate template, String number) {
    long wanted =
        switch (number) {
          case "$Default", "" -> template.defaultVersion();
          case "$Latest" -> template.latestVersion();
          default -> {
            if (!number.matches("[0-9]{1,9}")) {
              throw Ec2Fault.value(
                  "LaunchTemplateVersion", number, "It must be a number, $Default or $Latest.");
            }
            yield Long.parseLong(number);
          }
        };
    return commands
        .version(call.scope(), template, wanted)
        .orElseThrow(() ->
            Refused.notFound(
                "launch_template_version_not_found",
                "LaunchTemplateVersion",
                "Could not find the specified version "
                    + wanted
                    + " for the launch template with ID "
                    + template.id()
                    + "."));
  }
}
