# Attributes of instances, one by one.
import base64

from table import *


@behaviour
def every_attribute_can_be_asked():
    id = running()
    wanted = {
        "instanceType": lambda a: a["InstanceType"]["Value"] == "e1.nano",
        "kernel": lambda a: "KernelId" in a,
        "ramdisk": lambda a: "RamdiskId" in a,
        "userData": lambda a: "UserData" in a,
        "disableApiTermination": lambda a: a["DisableApiTermination"]["Value"] is False,
        "disableApiStop": lambda a: a["DisableApiStop"]["Value"] is False,
        "instanceInitiatedShutdownBehavior": lambda a: a["InstanceInitiatedShutdownBehavior"][
            "Value"
        ]
        == "stop",
        "rootDeviceName": lambda a: a["RootDeviceName"]["Value"] == "/dev/sda1",
        "blockDeviceMapping": lambda a: a["BlockDeviceMappings"][0]["Ebs"]["Status"] == "attached",
        "productCodes": lambda a: a.get("ProductCodes", []) == [],
        "sourceDestCheck": lambda a: a["SourceDestCheck"]["Value"] is True,
        "groupSet": lambda a: a["Groups"][0]["GroupId"].startswith("sg-"),
        "ebsOptimized": lambda a: a["EbsOptimized"]["Value"] is False,
        "sriovNetSupport": lambda a: "SriovNetSupport" in a,
        "enaSupport": lambda a: "EnaSupport" in a,
        "enclaveOptions": lambda a: a["EnclaveOptions"]["Enabled"] is False,
    }
    wrong = []
    for name, right in wanted.items():
        answer = ec2.describe_instance_attribute(InstanceId=id, Attribute=name)
        equal(id, answer["InstanceId"])
        try:
            if not right(answer):
                wrong.append((name, answer))
        except KeyError:
            wrong.append((name, {k: v for k, v in answer.items() if k != "ResponseMetadata"}))
    equal([], wrong)


@behaviour
def attributes_that_are_none_are_refused():
    id = running()
    message = refused(
        "InvalidParameterValue",
        ec2.describe_instance_attribute,
        InstanceId=id,
        Attribute="nonsense",
    )
    equal("Value (nonsense) for parameter attribute is invalid. Unknown attribute.", message)
    refused(
        "InvalidParameterValue",
        ec2.modify_instance_attribute,
        InstanceId=id,
        Attribute="nonsense",
        Value="x",
    )
    refused(
        "InvalidParameterValue", ec2.reset_instance_attribute, InstanceId=id, Attribute="nonsense"
    )
    refused(
        "InvalidParameterValue",
        ec2.reset_instance_attribute,
        InstanceId=id,
        Attribute="instanceType",
    )
    refused("MissingParameter", ec2.describe_instance_attribute, InstanceId=id)
    refused(
        "InvalidInstanceID.NotFound",
        ec2.describe_instance_attribute,
        InstanceId="i-0123456789abcdef0",
        Attribute="instanceType",
    )
    refused(
        "InvalidInstanceID.NotFound",
        ec2.modify_instance_attribute,
        InstanceId="i-0123456789abcdef0",
        DisableApiTermination={"Value": True},
    )


@behaviour
def a_change_is_of_exactly_one_attribute():
    id = running()
    refused("InvalidParameterCombination", ec2.modify_instance_attribute, InstanceId=id)
    refused(
        "InvalidParameterCombination",
        ec2.modify_instance_attribute,
        InstanceId=id,
        DisableApiTermination={"Value": True},
        SourceDestCheck={"Value": False},
    )
    refused(
        "InvalidParameterCombination",
        ec2.modify_instance_attribute,
        InstanceId=id,
        Attribute="disableApiTermination",
        Value="true",
        DisableApiStop={"Value": True},
    )
    refused(
        "MissingParameter",
        ec2.modify_instance_attribute,
        InstanceId=id,
        Attribute="disableApiTermination",
    )


@behaviour
def values_are_set_both_ways():
    id = running()
    for value in (True, False):
        ec2.modify_instance_attribute(
            InstanceId=id, Attribute="disableApiTermination", Value=str(value)
        )
        got = ec2.describe_instance_attribute(InstanceId=id, Attribute="disableApiTermination")
        equal(value, got["DisableApiTermination"]["Value"])
        ec2.modify_instance_attribute(InstanceId=id, DisableApiStop={"Value": value})
        equal(
            value,
            ec2.describe_instance_attribute(InstanceId=id, Attribute="disableApiStop")[
                "DisableApiStop"
            ]["Value"],
        )
    for value in ("terminate", "stop"):
        ec2.modify_instance_attribute(
            InstanceId=id, InstanceInitiatedShutdownBehavior={"Value": value}
        )
        got = ec2.describe_instance_attribute(
            InstanceId=id, Attribute="instanceInitiatedShutdownBehavior"
        )
        equal(value, got["InstanceInitiatedShutdownBehavior"]["Value"])
    refused(
        "InvalidParameterValue",
        ec2.modify_instance_attribute,
        InstanceId=id,
        InstanceInitiatedShutdownBehavior={"Value": "explode"},
    )


@behaviour
def source_and_destination_check_goes_off_and_is_reset():
    id = running()
    ec2.modify_instance_attribute(InstanceId=id, SourceDestCheck={"Value": False})
    equal(False, instance(id)["SourceDestCheck"])
    equal(False, instance(id)["NetworkInterfaces"][0]["SourceDestCheck"])
    equal(
        1,
        len(
            ec2.describe_instances(InstanceIds=[id], Filters=having("source-dest-check", "false"))[
                "Reservations"
            ]
        ),
    )
    ec2.reset_instance_attribute(InstanceId=id, Attribute="sourceDestCheck")
    equal(True, instance(id)["SourceDestCheck"])


@behaviour
def type_and_user_data_change_only_while_stopped():
    id = running()
    refused(
        "IncorrectInstanceState",
        ec2.modify_instance_attribute,
        InstanceId=id,
        InstanceType={"Value": "e1.micro"},
    )
    refused(
        "IncorrectInstanceState",
        ec2.modify_instance_attribute,
        InstanceId=id,
        UserData={"Value": b"x"},
    )
    refused(
        "IncorrectInstanceState",
        ec2.modify_instance_attribute,
        InstanceId=id,
        EbsOptimized={"Value": True},
    )
    import instances

    stopped = once("stopped", instances.stop_one)
    ec2.modify_instance_attribute(InstanceId=stopped, InstanceType={"Value": "e1.micro"})
    equal("e1.micro", instance(stopped)["InstanceType"])
    ec2.modify_instance_attribute(InstanceId=stopped, Attribute="instanceType", Value="e1.nano")
    equal("e1.nano", instance(stopped)["InstanceType"])
    ec2.modify_instance_attribute(InstanceId=stopped, UserData={"Value": b"later"})
    got = ec2.describe_instance_attribute(InstanceId=stopped, Attribute="userData")["UserData"][
        "Value"
    ]
    equal(b"later", base64.b64decode(got))
    refused(
        "InvalidInstanceAttributeValue",
        ec2.modify_instance_attribute,
        InstanceId=stopped,
        InstanceType={"Value": "t9.no"},
    )


@behaviour
def groups_are_changed_together():
    group = ec2.create_security_group(GroupName=fresh("g"), Description="d")["GroupId"]
    id = running()
    before = [g["GroupId"] for g in instance(id)["SecurityGroups"]]
    ec2.modify_instance_attribute(InstanceId=id, Groups=[group])
    equal([group], [g["GroupId"] for g in instance(id)["SecurityGroups"]])
    equal([group], [g["GroupId"] for g in instance(id)["NetworkInterfaces"][0]["Groups"]])
    got = ec2.describe_instance_attribute(InstanceId=id, Attribute="groupSet")["Groups"]
    equal([group], [g["GroupId"] for g in got])
    refused("DependencyViolation", ec2.delete_security_group, GroupId=group)
    refused(
        "InvalidGroup.NotFound",
        ec2.modify_instance_attribute,
        InstanceId=id,
        Groups=["sg-0123456789abcdef0"],
    )
    ec2.modify_instance_attribute(InstanceId=id, Groups=before)
    ec2.delete_security_group(GroupId=group)


@behaviour
def whether_a_volume_ends_with_its_instance_can_change():
    id = launch("running")["InstanceId"]
    device = instance(id)["BlockDeviceMappings"][0]
    ec2.modify_instance_attribute(
        InstanceId=id,
        BlockDeviceMappings=[
            {"DeviceName": device["DeviceName"], "Ebs": {"DeleteOnTermination": False}}
        ],
    )
    equal(False, instance(id)["BlockDeviceMappings"][0]["Ebs"]["DeleteOnTermination"])
    refused(
        "InvalidInstanceAttributeValue",
        ec2.modify_instance_attribute,
        InstanceId=id,
        BlockDeviceMappings=[{"DeviceName": "/dev/sdz", "Ebs": {"DeleteOnTermination": False}}],
    )
    end(id)
    volume = ec2.describe_volumes(VolumeIds=[device["Ebs"]["VolumeId"]])["Volumes"][0]
    equal("available", volume["State"])
    ec2.delete_volume(VolumeId=device["Ebs"]["VolumeId"])


@behaviour
def metadata_options_change():
    id = running()
    got = ec2.modify_instance_metadata_options(
        InstanceId=id, HttpTokens="required", HttpPutResponseHopLimit=3
    )
    equal(id, got["InstanceId"])
    equal(
        ("pending", "required", 3),
        tuple(
            got["InstanceMetadataOptions"][k]
            for k in ("State", "HttpTokens", "HttpPutResponseHopLimit")
        ),
    )
    shown = instance(id)["MetadataOptions"]
    equal(
        ("applied", "required", 3, "enabled"),
        tuple(shown[k] for k in ("State", "HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint")),
    )
    ec2.modify_instance_metadata_options(
        InstanceId=id, HttpTokens="optional", HttpPutResponseHopLimit=1
    )
    refused(
        "InvalidParameterValue",
        ec2.modify_instance_metadata_options,
        InstanceId=id,
        HttpTokens="perhaps",
    )
    refused(
        "InvalidParameterValue",
        ec2.modify_instance_metadata_options,
        InstanceId=id,
        HttpPutResponseHopLimit=0,
    )
    refused(
        "InvalidInstanceID.NotFound",
        ec2.modify_instance_metadata_options,
        InstanceId="i-0123456789abcdef0",
        HttpTokens="required",
    )


@behaviour
def credits_are_described_and_changed():
    id = running()
    equal(
        [{"InstanceId": id, "CpuCredits": "standard"}],
        ec2.describe_instance_credit_specifications(InstanceIds=[id])[
            "InstanceCreditSpecifications"
        ],
    )
    changed = ec2.modify_instance_credit_specification(
        InstanceCreditSpecifications=[
            {"InstanceId": id, "CpuCredits": "unlimited"},
            {"InstanceId": "i-0123456789abcdef0", "CpuCredits": "unlimited"},
        ]
    )
    equal([{"InstanceId": id}], changed["SuccessfulInstanceCreditSpecifications"])
    failed = changed["UnsuccessfulInstanceCreditSpecifications"]
    equal("InvalidInstanceID.NotFound", failed[0]["Error"]["Code"])
    found = ec2.describe_instance_credit_specifications(Filters=having("instance-id", id))
    equal("unlimited", found["InstanceCreditSpecifications"][0]["CpuCredits"])
    ec2.modify_instance_credit_specification(
        InstanceCreditSpecifications=[{"InstanceId": id, "CpuCredits": "standard"}]
    )
