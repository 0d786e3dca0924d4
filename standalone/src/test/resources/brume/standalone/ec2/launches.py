# What a launch answers, refuses and makes.
import base64

from table import *


@behaviour
def a_launch_answers_pending_and_its_reservation():
    answer = ec2.run_instances(ImageId=image, InstanceType="e1.nano", MinCount=1, MaxCount=1)
    assert answer["ReservationId"].startswith("r-"), answer["ReservationId"]
    equal(12, len(answer["OwnerId"]))
    equal([], answer.get("Groups", []))
    one = answer["Instances"][0]
    equal({"Code": 0, "Name": "pending"}, one["State"])
    equal(0, one["AmiLaunchIndex"])
    equal(image, one["ImageId"])
    equal("ebs", one["RootDeviceType"])
    equal("disabled", one["Monitoring"]["State"])
    equal("hvm", one["VirtualizationType"])
    equal("default", one["Placement"]["Tenancy"])
    equal("", one["Placement"]["GroupName"])
    equal("", one.get("StateTransitionReason", ""))
    equal("pending", one["StateReason"]["Code"])
    assert one["ClientToken"] is not None
    assert one["SourceDestCheck"] is True
    equal("default", one["SecurityGroups"][0]["GroupName"])
    for name in (
        "VpcId",
        "SubnetId",
        "PrivateIpAddress",
        "PrivateDnsName",
        "LaunchTime",
        "Architecture",
    ):
        assert one[name], name
    end(one["InstanceId"])


@behaviour
def a_running_instance_shows_all_of_itself():
    shown = instance(running())
    equal({"Code": 16, "Name": "running"}, shown["State"])
    assert "StateReason" not in shown, shown.get("StateReason")
    device = shown["BlockDeviceMappings"][0]
    equal(shown["RootDeviceName"], device["DeviceName"])
    equal("attached", device["Ebs"]["Status"])
    equal(True, device["Ebs"]["DeleteOnTermination"])
    card = shown["NetworkInterfaces"][0]
    equal("in-use", card["Status"])
    equal(0, card["Attachment"]["DeviceIndex"])
    equal("attached", card["Attachment"]["Status"])
    equal(True, card["Attachment"]["DeleteOnTermination"])
    equal(shown["PrivateIpAddress"], card["PrivateIpAddress"])
    equal("interface", card["InterfaceType"])
    equal("optional", shown["MetadataOptions"]["HttpTokens"])
    equal("enabled", shown["MetadataOptions"]["HttpEndpoint"])
    equal(1, shown["MetadataOptions"]["HttpPutResponseHopLimit"])
    equal("applied", shown["MetadataOptions"]["State"])
    equal(False, shown["EnclaveOptions"]["Enabled"])
    equal(False, shown["HibernationOptions"]["Configured"])
    equal("open", shown["CapacityReservationSpecification"]["CapacityReservationPreference"])
    equal("RunInstances", shown["UsageOperation"])
    equal("Linux/UNIX", shown["PlatformDetails"])
    equal(False, shown["EbsOptimized"])
    assert "CoreCount" in shown["CpuOptions"]


@behaviour
def counts_say_how_many_come_up():
    launched = launch(MinCount=2, MaxCount=3)
    equal(3, len(launched))
    equal([0, 1, 2], [one["AmiLaunchIndex"] for one in launched])
    ids = [one["InstanceId"] for one in launched]
    reservations = ec2.describe_instances(InstanceIds=ids)["Reservations"]
    equal(1, len(reservations))
    end(*ids)


@behaviour
def counts_out_of_range_are_refused():
    for low, high in ((0, 1), (-1, 1), (1, 0)):
        refused(
            "InvalidParameterValue", ec2.run_instances, ImageId=image, MinCount=low, MaxCount=high
        )
    refused("InvalidParameterCombination", ec2.run_instances, ImageId=image, MinCount=3, MaxCount=2)
    refused("MissingParameter", ec2.run_instances, ImageId=image, MaxCount=1, says="MinCount")
    refused("MissingParameter", ec2.run_instances, ImageId=image, MinCount=1, says="MaxCount")


@behaviour
def images_that_are_none_are_refused():
    one = {"MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    refused(
        "InvalidAMIID.NotFound",
        ec2.run_instances,
        "ami-0123456789abcdef0",
        ImageId="ami-0123456789abcdef0",
        **one,
    )
    refused(
        "InvalidAMIID.NotFound", ec2.run_instances, "ami-1234abcd", ImageId="ami-1234abcd", **one
    )
    refused(
        "InvalidAMIID.Malformed", ec2.run_instances, 'Invalid id: "debian"', ImageId="debian", **one
    )
    refused("MissingParameter", ec2.run_instances, "ImageId", **one)


@behaviour
def types_that_are_none_are_refused():
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        "t2.huge",
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="t2.huge",
    )


@behaviour
def dry_runs_of_a_launch_change_nothing():
    before = len(ec2.describe_instances(Filters=having("tag:dry", "run"))["Reservations"])
    message = refused(
        "DryRunOperation",
        ec2.run_instances,
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        DryRun=True,
        InstanceType="e1.nano",
        TagSpecifications=tagged("instance", dry="run"),
    )
    equal("Request would have succeeded, but DryRun flag is set.", message)
    equal(before, len(ec2.describe_instances(Filters=having("tag:dry", "run"))["Reservations"]))
    refused(
        "InvalidAMIID.NotFound",
        ec2.run_instances,
        ImageId="ami-0123456789abcdef0",
        MinCount=1,
        MaxCount=1,
        DryRun=True,
    )


@behaviour
def every_change_of_state_has_a_dry_run():
    id = running()
    for call in (
        ec2.stop_instances,
        ec2.start_instances,
        ec2.reboot_instances,
        ec2.terminate_instances,
        ec2.monitor_instances,
        ec2.unmonitor_instances,
    ):
        refused("DryRunOperation", call, InstanceIds=[id], DryRun=True)
    refused("DryRunOperation", ec2.describe_instances, DryRun=True)
    refused(
        "DryRunOperation",
        ec2.modify_instance_attribute,
        InstanceId=id,
        DryRun=True,
        DisableApiTermination={"Value": True},
    )
    equal("running", instance(id)["State"]["Name"])
    equal(
        False,
        ec2.describe_instance_attribute(InstanceId=id, Attribute="disableApiTermination")[
            "DisableApiTermination"
        ]["Value"],
    )


@behaviour
def a_client_token_gives_the_same_instances_again():
    token = fresh("token")
    parameters = {
        "ImageId": image,
        "InstanceType": "e1.nano",
        "MinCount": 1,
        "MaxCount": 1,
        "ClientToken": token,
    }
    first = ec2.run_instances(**parameters)
    again = ec2.run_instances(**parameters)
    equal(first["ReservationId"], again["ReservationId"])
    equal(first["Instances"][0]["InstanceId"], again["Instances"][0]["InstanceId"])
    equal(token, again["Instances"][0]["ClientToken"])
    refused(
        "IdempotentParameterMismatch",
        ec2.run_instances,
        **{**parameters, "InstanceType": "e1.micro"},
    )
    refused("InvalidParameterValue", ec2.run_instances, **{**parameters, "ClientToken": "x" * 65})
    found = ec2.describe_instances(Filters=having("client-token", token))["Reservations"]
    equal(1, len(found))
    end(first["Instances"][0]["InstanceId"])


@behaviour
def tags_come_at_the_launch_for_instances_volumes_and_cards():
    spec = (
        tagged("instance", Name="a", x="1")
        + tagged("volume", Name="v")
        + tagged("network-interface", Name="n")
    )
    one = launch(TagSpecifications=spec)
    equal({"Name": "a", "x": "1"}, tags_of(one))
    shown = instance(one["InstanceId"])
    volume = shown["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    equal({"Name": "v"}, tags_of(ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]))
    card = shown["NetworkInterfaces"][0]["NetworkInterfaceId"]
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=[card])["NetworkInterfaces"][0]
    equal({"n"}, {tag["Value"] for tag in found["TagSet"]})
    end(one["InstanceId"])


@behaviour
def tags_of_a_launch_are_checked():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    refused(
        "InvalidParameterValue", ec2.run_instances, TagSpecifications=tagged("vpc", a="b"), **one
    )
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        TagSpecifications=tagged("instance", **{"aws:x": "b"}),
        **one,
    )
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        TagSpecifications=tagged("instance", **{"k" * 128: "v" * 257}),
        **one,
    )
    many = {f"k{i}": "v" for i in range(51)}
    refused(
        "TagLimitExceeded", ec2.run_instances, TagSpecifications=tagged("instance", **many), **one
    )
    twice = [
        {
            "ResourceType": "instance",
            "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}],
        }
    ]
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        "Duplicate tag key",
        TagSpecifications=twice,
        **one,
    )
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        TagSpecifications=[{"Tags": [{"Key": "a", "Value": "b"}]}],
        **one,
    )


@behaviour
def user_data_is_given_back_as_it_was():
    one = launch(UserData="#!/bin/sh\necho é")
    got = ec2.describe_instance_attribute(InstanceId=one["InstanceId"], Attribute="userData")
    equal("#!/bin/sh\necho é", base64.b64decode(got["UserData"]["Value"]).decode())
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        UserData="x" * 16385,
    )
    end(one["InstanceId"])


@behaviour
def an_instance_without_user_data_has_none():
    got = ec2.describe_instance_attribute(InstanceId=running(), Attribute="userData")
    equal({}, got["UserData"])


@behaviour
def devices_of_a_launch_become_volumes():
    one = launch(
        BlockDeviceMappings=[
            {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 12, "DeleteOnTermination": True}},
            {
                "DeviceName": "/dev/sdb",
                "Ebs": {"VolumeSize": 3, "VolumeType": "gp3", "DeleteOnTermination": False},
            },
        ]
    )
    shown = instance(one["InstanceId"])
    devices = {d["DeviceName"]: d["Ebs"] for d in shown["BlockDeviceMappings"]}
    equal({"/dev/sda1", "/dev/sdb"}, set(devices))
    volumes = {
        v["VolumeId"]: v
        for v in ec2.describe_volumes(Filters=having("attachment.instance-id", one["InstanceId"]))[
            "Volumes"
        ]
    }
    equal(12, volumes[devices["/dev/sda1"]["VolumeId"]]["Size"])
    second = volumes[devices["/dev/sdb"]["VolumeId"]]
    equal(
        (3, "gp3", 3000, 125),
        (second["Size"], second["VolumeType"], second["Iops"], second["Throughput"]),
    )
    end(one["InstanceId"])
    refused(
        "InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[devices["/dev/sda1"]["VolumeId"]]
    )
    equal("available", ec2.describe_volumes(VolumeIds=[second["VolumeId"]])["Volumes"][0]["State"])
    ec2.delete_volume(VolumeId=second["VolumeId"])


@behaviour
def devices_of_a_launch_are_checked():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}

    def with_device(code, **ebs):
        refused(
            code,
            ec2.run_instances,
            BlockDeviceMappings=[{"DeviceName": "/dev/sdb", "Ebs": ebs}],
            **one,
        )

    with_device("InvalidSnapshot.NotFound", SnapshotId="snap-0123456789abcdef0")
    with_device("MissingParameter", VolumeType="gp2")
    with_device("UnknownVolumeType", VolumeSize=10, VolumeType="gp9")
    with_device("MissingParameter", VolumeSize=10, VolumeType="io1")
    with_device("InvalidParameterValue", VolumeSize=0)
    with_device("InvalidParameterValue", VolumeSize=99999, VolumeType="gp2")
    with_device("InvalidParameterCombination", VolumeSize=10, VolumeType="gp2", Iops=3000)
    twice = [{"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 1}}] * 2
    refused("InvalidBlockDeviceMapping", ec2.run_instances, BlockDeviceMappings=twice, **one)
    small = [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 1}}]
    refused("InvalidBlockDeviceMapping", ec2.run_instances, BlockDeviceMappings=small, **one)


@behaviour
def placement_says_the_zone():
    one = launch(Placement={"AvailabilityZone": "us-east-1a"})
    equal("us-east-1a", one["Placement"]["AvailabilityZone"])
    end(one["InstanceId"])
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        "us-east-1z",
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="e1.nano",
        Placement={"AvailabilityZone": "us-east-1z"},
    )


@behaviour
def placement_says_the_group():
    name = fresh("pg")
    ec2.create_placement_group(GroupName=name, Strategy="spread")
    one = launch(Placement={"GroupName": name})
    equal(name, one["Placement"]["GroupName"])
    equal(
        1, len(ec2.describe_instances(Filters=having("placement-group-name", name))["Reservations"])
    )
    refused("InvalidPlacementGroup.InUse", ec2.delete_placement_group, GroupName=name)
    refused(
        "InvalidPlacementGroup.Unknown",
        ec2.run_instances,
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="e1.nano",
        Placement={"GroupName": "no-such-group"},
    )
    end(one["InstanceId"])
    ec2.delete_placement_group(GroupName=name)


@behaviour
def credits_metadata_and_monitoring_are_set_at_a_launch():
    one = launch(
        CreditSpecification={"CpuCredits": "unlimited"},
        Monitoring={"Enabled": True},
        EbsOptimized=True,
        MetadataOptions={
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 2,
            "InstanceMetadataTags": "enabled",
        },
        InstanceInitiatedShutdownBehavior="terminate",
        DisableApiStop=True,
    )
    id = one["InstanceId"]
    equal("pending", one["Monitoring"]["State"])
    shown = instance(id)
    equal("enabled", shown["Monitoring"]["State"])
    equal(
        ("required", 2, "enabled"),
        tuple(
            shown["MetadataOptions"][k]
            for k in ("HttpTokens", "HttpPutResponseHopLimit", "InstanceMetadataTags")
        ),
    )
    equal(True, shown["EbsOptimized"])
    credits = ec2.describe_instance_credit_specifications(InstanceIds=[id])[
        "InstanceCreditSpecifications"
    ]
    equal([{"InstanceId": id, "CpuCredits": "unlimited"}], credits)
    behaviour = ec2.describe_instance_attribute(
        InstanceId=id, Attribute="instanceInitiatedShutdownBehavior"
    )
    equal("terminate", behaviour["InstanceInitiatedShutdownBehavior"]["Value"])
    ec2.get_waiter("instance_running").wait(InstanceIds=[id], WaiterConfig=SOON)
    refused("OperationNotPermitted", ec2.stop_instances, "disableApiStop", InstanceIds=[id])
    end(id)
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        InstanceInitiatedShutdownBehavior="explode",
        **one,
    )
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        MetadataOptions={"HttpPutResponseHopLimit": 65},
        **one,
    )
    refused(
        "InvalidParameterValue",
        ec2.run_instances,
        CreditSpecification={"CpuCredits": "endless"},
        **one,
    )


@behaviour
def devices_must_say_what_they_are():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}

    def with_device(code, **device):
        mapping = [{"DeviceName": "/dev/sdb", **device}]
        return refused(code, ec2.run_instances, BlockDeviceMappings=mapping, **one)

    equal("The request must contain the parameter ebs", with_device("MissingParameter"))
    equal(
        "The request must contain the parameter size or snapshotId",
        with_device("MissingParameter", Ebs={"VolumeType": "standard"}),
    )
    equal("The request received was invalid", with_device("InvalidRequest", NoDevice="yes"))
    without = launch(BlockDeviceMappings=[{"DeviceName": "/dev/sdb", "NoDevice": ""}])
    equal(1, len(instance(without["InstanceId"])["BlockDeviceMappings"]))
    end(without["InstanceId"])


@behaviour
def a_device_of_a_snapshot_has_its_size():
    volume = ec2.create_volume(AvailabilityZone=zone(), Size=30)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    one = launch(BlockDeviceMappings=[{"DeviceName": "/dev/sdb", "Ebs": {"SnapshotId": snapshot}}])[
        "InstanceId"
    ]
    mine = having("attachment.instance-id", one) + having("attachment.device", "/dev/sdb")
    made = ec2.describe_volumes(Filters=mine)["Volumes"][0]
    equal((30, snapshot), (made["Size"], made["SnapshotId"]))
    end(one)
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.delete_volume(VolumeId=volume)


@behaviour
def an_image_for_another_processor_does_not_launch():
    volume = ec2.create_volume(AvailabilityZone=zone(), Size=1)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    device = [{"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": snapshot}}]
    for architecture, says in (("x86_64", "architecture"), ("riscv64", "nothing to boot")):
        id = ec2.register_image(
            Name=fresh("foreign"),
            Architecture=architecture,
            RootDeviceName="/dev/sda1",
            BlockDeviceMappings=device,
        )["ImageId"]
        refused(
            "InvalidParameterValue",
            ec2.run_instances,
            says,
            ImageId=id,
            MinCount=1,
            MaxCount=1,
            InstanceType="e1.nano",
        )
        ec2.deregister_image(ImageId=id, DeleteAssociatedSnapshots=architecture == "riscv64")
    refused("InvalidSnapshot.NotFound", ec2.describe_snapshots, SnapshotIds=[snapshot])
    ec2.delete_volume(VolumeId=volume)


@behaviour
def an_empty_text_is_no_parameter():
    id = launch(
        KeyName="",
        Placement={"AvailabilityZone": "", "GroupName": "", "Tenancy": ""},
        InstanceInitiatedShutdownBehavior="",
        PrivateIpAddress="",
    )["InstanceId"]
    shown = instance(id)
    assert "KeyName" not in shown, shown["KeyName"]
    equal("default", shown["Placement"]["Tenancy"])
    refused("InvalidInstanceID.Malformed", ec2.describe_instances, InstanceIds=[""])
    refused("MissingParameter", launch, ImageId="")
    end(id)
