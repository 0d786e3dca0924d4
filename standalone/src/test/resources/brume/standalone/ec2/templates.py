# Launch templates and their versions; launches from them.
from table import *


def template(**data):
    return ec2.create_launch_template(
        LaunchTemplateName=fresh("lt"),
        LaunchTemplateData={"ImageId": image, "InstanceType": "e1.nano", **data},
    )["LaunchTemplate"]


def versions(id, **more):
    return ec2.describe_launch_template_versions(LaunchTemplateId=id, **more)[
        "LaunchTemplateVersions"
    ]


@behaviour
def a_template_is_made_shown_and_deleted():
    name = fresh("lt")
    made = ec2.create_launch_template(
        LaunchTemplateName=name,
        VersionDescription="first",
        LaunchTemplateData={"ImageId": image, "InstanceType": "e1.nano"},
        TagSpecifications=tagged("launch-template", a="b"),
    )["LaunchTemplate"]
    id = made["LaunchTemplateId"]
    equal(
        (name, 1, 1),
        tuple(
            made[k] for k in ("LaunchTemplateName", "DefaultVersionNumber", "LatestVersionNumber")
        ),
    )
    equal({"a": "b"}, tags_of(made))
    assert made["CreatedBy"] and made["CreateTime"]
    equal(
        id,
        ec2.describe_launch_templates(LaunchTemplateNames=[name])["LaunchTemplates"][0][
            "LaunchTemplateId"
        ],
    )
    equal(
        name,
        ec2.describe_launch_templates(LaunchTemplateIds=[id])["LaunchTemplates"][0][
            "LaunchTemplateName"
        ],
    )
    for filter, value in {"launch-template-name": name, "tag:a": "b", "tag-key": "a"}.items():
        assert id in [
            t["LaunchTemplateId"]
            for t in ec2.describe_launch_templates(Filters=having(filter, value))["LaunchTemplates"]
        ]
    message = refused(
        "InvalidLaunchTemplateName.AlreadyExistsException",
        ec2.create_launch_template,
        LaunchTemplateName=name,
        LaunchTemplateData={"InstanceType": "e1.nano"},
    )
    equal("Launch template name already in use.", message)
    gone = ec2.delete_launch_template(LaunchTemplateName=name)["LaunchTemplate"]
    equal(id, gone["LaunchTemplateId"])
    refused(
        "InvalidLaunchTemplateName.NotFoundException",
        ec2.describe_launch_templates,
        LaunchTemplateNames=[name],
    )
    message = refused(
        "InvalidLaunchTemplateId.NotFound", ec2.describe_launch_templates, LaunchTemplateIds=[id]
    )
    refused(
        "InvalidLaunchTemplateName.NotFoundException",
        ec2.delete_launch_template,
        LaunchTemplateName=name,
    )
    refused("InvalidLaunchTemplateId.NotFound", ec2.delete_launch_template, LaunchTemplateId=id)


@behaviour
def templates_are_checked():
    refused("MissingParameter", ec2.create_launch_template, LaunchTemplateName=fresh("lt"))
    refused(
        "MissingParameter",
        ec2.create_launch_template,
        LaunchTemplateData={"InstanceType": "e1.nano"},
    )
    refused(
        "InvalidLaunchTemplateName.MalformedException",
        ec2.create_launch_template,
        LaunchTemplateName="a?",
        LaunchTemplateData={"InstanceType": "e1.nano"},
    )
    refused(
        "DryRunOperation",
        ec2.create_launch_template,
        LaunchTemplateName=fresh("lt"),
        DryRun=True,
        LaunchTemplateData={"InstanceType": "e1.nano"},
    )
    refused("MissingParameter", ec2.delete_launch_template)


@behaviour
def versions_are_made_of_versions():
    id = template(UserData="eA==")["LaunchTemplateId"]
    made = ec2.create_launch_template_version(
        LaunchTemplateId=id,
        SourceVersion="1",
        VersionDescription="second",
        LaunchTemplateData={"InstanceType": "e1.micro"},
    )["LaunchTemplateVersion"]
    equal(
        (2, False, "second"),
        tuple(made[k] for k in ("VersionNumber", "DefaultVersion", "VersionDescription")),
    )
    equal(
        {"ImageId": image, "InstanceType": "e1.micro", "UserData": "eA=="},
        made["LaunchTemplateData"],
    )
    made = ec2.create_launch_template_version(
        LaunchTemplateId=id, LaunchTemplateData={"InstanceType": "e1.micro"}
    )["LaunchTemplateVersion"]
    equal({"InstanceType": "e1.micro"}, made["LaunchTemplateData"])
    equal([3, 2, 1], [v["VersionNumber"] for v in versions(id)])
    equal([3], [v["VersionNumber"] for v in versions(id, Versions=["$Latest"])])
    equal([1], [v["VersionNumber"] for v in versions(id, Versions=["$Default"])])
    equal({1, 2}, {v["VersionNumber"] for v in versions(id, Versions=["1", "2"])})
    equal([3, 2], [v["VersionNumber"] for v in versions(id, MinVersion="2")])
    equal([2, 1], [v["VersionNumber"] for v in versions(id, MaxVersion="2")])
    changed = ec2.modify_launch_template(LaunchTemplateId=id, DefaultVersion="2")["LaunchTemplate"]
    equal((2, 3), (changed["DefaultVersionNumber"], changed["LatestVersionNumber"]))
    equal([2], [v["VersionNumber"] for v in versions(id, Versions=["$Default"])])
    across = ec2.describe_launch_template_versions(Versions=["$Latest"])["LaunchTemplateVersions"]
    assert (id, 3) in [(v["LaunchTemplateId"], v["VersionNumber"]) for v in across]
    gone = ec2.delete_launch_template_versions(LaunchTemplateId=id, Versions=["1", "2", "9"])
    equal([1], [v["VersionNumber"] for v in gone["SuccessfullyDeletedLaunchTemplateVersions"]])
    equal({2, 9}, {v["VersionNumber"] for v in gone["UnsuccessfullyDeletedLaunchTemplateVersions"]})
    refused(
        "InvalidLaunchTemplateId.VersionNotFound",
        ec2.create_launch_template_version,
        LaunchTemplateId=id,
        SourceVersion="9",
        LaunchTemplateData={"InstanceType": "e1.nano"},
    )
    refused(
        "InvalidLaunchTemplateId.NotFound",
        ec2.create_launch_template_version,
        LaunchTemplateId="lt-0123456789abcdef0",
        LaunchTemplateData={"InstanceType": "e1.nano"},
    )
    refused(
        "InvalidLaunchTemplateId.VersionNotFound",
        ec2.modify_launch_template,
        LaunchTemplateId=id,
        DefaultVersion="9",
    )
    ec2.delete_launch_template(LaunchTemplateId=id)


@behaviour
def a_launch_takes_what_its_template_says():
    made = template(TagSpecifications=tagged("instance", Name="of template"), UserData="eA==")
    one = launch(
        ImageId=None,
        InstanceType=None,
        LaunchTemplate={"LaunchTemplateId": made["LaunchTemplateId"]},
    )
    equal(
        (image, "e1.nano", {"Name": "of template"}),
        (
            one["ImageId"],
            one["InstanceType"],
            {k: v for k, v in tags_of(one).items() if not k.startswith("aws:")},
        ),
    )
    equal(
        made["LaunchTemplateId"], tags_of(instance(one["InstanceId"]))["aws:ec2launchtemplate:id"]
    )
    other = launch(
        ImageId=None,
        InstanceType="e1.micro",
        LaunchTemplate={"LaunchTemplateName": made["LaunchTemplateName"], "Version": "$Latest"},
    )
    equal("e1.micro", other["InstanceType"])
    data = ec2.get_launch_template_data(InstanceId=one["InstanceId"])["LaunchTemplateData"]
    equal((image, "e1.nano"), (data["ImageId"], data["InstanceType"]))
    end(one["InstanceId"], other["InstanceId"])
    refused(
        "InvalidLaunchTemplateId.NotFound",
        ec2.run_instances,
        MinCount=1,
        MaxCount=1,
        LaunchTemplate={"LaunchTemplateId": "lt-0123456789abcdef0"},
    )
    refused(
        "InvalidLaunchTemplateId.VersionNotFound",
        ec2.run_instances,
        MinCount=1,
        MaxCount=1,
        LaunchTemplate={"LaunchTemplateId": made["LaunchTemplateId"], "Version": "7"},
    )
    refused(
        "InvalidParameterCombination",
        ec2.run_instances,
        MinCount=1,
        MaxCount=1,
        LaunchTemplate={
            "LaunchTemplateId": made["LaunchTemplateId"],
            "LaunchTemplateName": made["LaunchTemplateName"],
        },
    )
    ec2.delete_launch_template(LaunchTemplateId=made["LaunchTemplateId"])


@behaviour
def a_version_shows_all_that_it_was_given():
    group = ec2.create_security_group(GroupName=fresh("g"), Description="d")["GroupId"]
    card = {
        "DeviceIndex": 0,
        "SubnetId": default_subnet()["SubnetId"],
        "Groups": [group],
        "InterfaceType": "interface",
        "NetworkCardIndex": 0,
        "SecondaryPrivateIpAddressCount": 1,
    }
    asked = {
        "ImageId": image,
        "NetworkInterfaces": [card],
        "HibernationOptions": {"Configured": False},
        "EnclaveOptions": {"Enabled": False},
        "MaintenanceOptions": {"AutoRecovery": "default"},
        "PrivateDnsNameOptions": {"HostnameType": "ip-name"},
        "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
    }
    made = ec2.create_launch_template(LaunchTemplateName=fresh("lt"), LaunchTemplateData=asked)
    id = made["LaunchTemplate"]["LaunchTemplateId"]
    shown = ec2.describe_launch_template_versions(LaunchTemplateId=id, Versions=["1"])
    data = shown["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    equal(asked, data)
    ec2.delete_launch_template(LaunchTemplateId=id)
    ec2.delete_security_group(GroupId=group)


@behaviour
def a_launch_of_a_template_is_tagged_with_it():
    made = ec2.create_launch_template(
        LaunchTemplateName=fresh("lt"),
        LaunchTemplateData={"ImageId": image, "InstanceType": "e1.nano"},
    )["LaunchTemplate"]["LaunchTemplateId"]
    id = launch(ImageId=None, InstanceType=None, LaunchTemplate={"LaunchTemplateId": made})[
        "InstanceId"
    ]
    wanted = {"aws:ec2launchtemplate:id": made, "aws:ec2launchtemplate:version": "1"}
    equal(wanted, tags_of(instance(id)))
    equal(wanted, tags_of(ec2.describe_tags(Filters=having("resource-id", id))))
    key = having("resource-id", id) + having("key", "aws:ec2launchtemplate:id")
    equal([made], [tag["Value"] for tag in ec2.describe_tags(Filters=key)["Tags"]])
    end(id)
    ec2.delete_launch_template(LaunchTemplateId=made)
