# Images: made from instances and snapshots, copied, shared, taken away.
from table import *


def made_image():
    return once(
        "image",
        lambda: ec2.create_image(
            InstanceId=running(),
            Name=fresh("image"),
            Description="made",
            TagSpecifications=tagged("image", a="b"),
        )["ImageId"],
    )


@behaviour
def images_are_found_by_id_and_owner():
    shown = ec2.describe_images(ImageIds=[image])["Images"][0]
    equal("available", shown["State"])
    equal("machine", shown["ImageType"])
    equal(True, shown["Public"])
    equal("ebs", shown["RootDeviceType"])
    for name in (
        "Name",
        "OwnerId",
        "Architecture",
        "CreationDate",
        "RootDeviceName",
        "Hypervisor",
        "ImageLocation",
        "VirtualizationType",
        "PlatformDetails",
        "UsageOperation",
    ):
        assert shown[name], name
    device = shown["BlockDeviceMappings"][0]
    equal(shown["RootDeviceName"], device["DeviceName"])
    for name in ("SnapshotId", "VolumeSize", "DeleteOnTermination", "VolumeType", "Encrypted"):
        assert device["Ebs"].get(name) is not None, name
    assert image in [i["ImageId"] for i in ec2.describe_images(Owners=["amazon"])["Images"]]
    assert image not in [i["ImageId"] for i in ec2.describe_images(Owners=["self"])["Images"]]
    assert image in [i["ImageId"] for i in ec2.describe_images(ExecutableUsers=["all"])["Images"]]


@behaviour
def images_that_are_none_are_refused():
    message = refused(
        "InvalidAMIID.NotFound", ec2.describe_images, ImageIds=["ami-0123456789abcdef0"]
    )
    equal("The image id '[ami-0123456789abcdef0]' does not exist", message)
    refused(
        "InvalidAMIID.Malformed",
        ec2.describe_images,
        'Invalid id: "nonsense" (expecting "ami-...")',
        ImageIds=["nonsense"],
    )
    refused("InvalidAMIID.NotFound", ec2.deregister_image, ImageId="ami-0123456789abcdef0")


@behaviour
def an_image_comes_of_an_instance():
    name = fresh("of-instance")
    id = ec2.create_image(InstanceId=running(), Name=name, Description="d")["ImageId"]
    shown = ec2.describe_images(ImageIds=[id])["Images"][0]
    equal(
        (name, "d", False, "machine", "ebs"),
        (
            shown["Name"],
            shown["Description"],
            shown["Public"],
            shown["ImageType"],
            shown["RootDeviceType"],
        ),
    )
    equal(running(), shown["SourceInstanceId"])
    snapshot = shown["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    found = ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
    equal("completed", found["State"])
    assert found["Description"].startswith(f"Created by CreateImage({running()}) for {id}"), found[
        "Description"
    ]
    refused("InvalidAMIName.Duplicate", ec2.create_image, InstanceId=running(), Name=name)
    refused("InvalidSnapshot.InUse", ec2.delete_snapshot, id, SnapshotId=snapshot)
    launched = launch(ImageId=id)
    equal(id, launched["ImageId"])
    end(launched["InstanceId"])
    ec2.deregister_image(ImageId=id)
    ec2.delete_snapshot(SnapshotId=snapshot)
    equal([], ec2.describe_images(ImageIds=[id])["Images"])
    refused("InvalidAMIID.Unavailable", ec2.deregister_image, ImageId=id)


@behaviour
def names_of_images_are_checked():
    refused("InvalidAMIName.Malformed", ec2.create_image, InstanceId=running(), Name="ab")
    refused("InvalidAMIName.Malformed", ec2.create_image, InstanceId=running(), Name="x" * 129)
    refused("InvalidAMIName.Malformed", ec2.create_image, InstanceId=running(), Name="what?")
    refused("MissingParameter", ec2.create_image, "Name", InstanceId=running())
    refused(
        "InvalidInstanceID.NotFound",
        ec2.create_image,
        InstanceId="i-0123456789abcdef0",
        Name=fresh(),
    )
    refused("DryRunOperation", ec2.create_image, InstanceId=running(), Name=fresh(), DryRun=True)


@behaviour
def tags_come_with_an_image_and_its_snapshots():
    id = ec2.create_image(
        InstanceId=running(),
        Name=fresh("tagged"),
        TagSpecifications=tagged("image", a="1") + tagged("snapshot", b="2"),
    )["ImageId"]
    shown = ec2.describe_images(ImageIds=[id])["Images"][0]
    equal({"a": "1"}, tags_of(shown))
    snapshot = shown["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    equal({"b": "2"}, tags_of(ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]))
    ec2.deregister_image(ImageId=id)
    ec2.delete_snapshot(SnapshotId=snapshot)


@behaviour
def an_image_is_registered_over_a_snapshot():
    volume = ec2.create_volume(AvailabilityZone=zone(), Size=9)["VolumeId"]
    snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=SOON)
    id = ec2.register_image(
        Name=fresh("registered"),
        Architecture="x86_64",
        RootDeviceName="/dev/xvda",
        VirtualizationType="hvm",
        EnaSupport=True,
        Description="by hand",
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvda", "Ebs": {"SnapshotId": snapshot, "VolumeType": "gp3"}}
        ],
    )["ImageId"]
    shown = ec2.describe_images(ImageIds=[id])["Images"][0]
    equal(
        ("x86_64", "/dev/xvda", True),
        (shown["Architecture"], shown["RootDeviceName"], shown["EnaSupport"]),
    )
    equal(
        (snapshot, 9, "gp3"),
        tuple(
            shown["BlockDeviceMappings"][0]["Ebs"][k]
            for k in ("SnapshotId", "VolumeSize", "VolumeType")
        ),
    )
    refused("InvalidSnapshot.InUse", ec2.delete_snapshot, SnapshotId=snapshot)
    ec2.deregister_image(ImageId=id)
    refused(
        "InvalidSnapshot.NotFound",
        ec2.register_image,
        Name=fresh(),
        RootDeviceName="/dev/sda1",
        BlockDeviceMappings=[
            {"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": "snap-0123456789abcdef0"}}
        ],
    )
    refused("MissingParameter", ec2.register_image, RootDeviceName="/dev/sda1")
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.delete_volume(VolumeId=volume)


@behaviour
def an_image_is_copied_within_and_between_regions():
    id = made_image()
    copy = ec2.copy_image(
        SourceImageId=id, SourceRegion="us-east-1", Name=fresh("copy"), Description="a copy"
    )["ImageId"]
    shown = ec2.describe_images(ImageIds=[copy])["Images"][0]
    original = ec2.describe_images(ImageIds=[id])["Images"][0]
    equal("a copy", shown["Description"])
    equal(original["Architecture"], shown["Architecture"])
    equal({}, tags_of(shown))
    assert (
        shown["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
        != original["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"]
    )
    tagged_copy = ec2.copy_image(
        SourceImageId=id, SourceRegion="us-east-1", Name=fresh("copy"), CopyImageTags=True
    )
    equal({"a": "b"}, tags_of(ec2.describe_images(ImageIds=[tagged_copy["ImageId"]])["Images"][0]))
    west = boto3.client("ec2", region_name="us-west-2")
    away = west.copy_image(SourceImageId=id, SourceRegion="us-east-1", Name=fresh("copy"))[
        "ImageId"
    ]
    equal(1, len(west.describe_images(ImageIds=[away])["Images"]))
    refused("InvalidAMIID.NotFound", ec2.describe_images, ImageIds=[away])
    west.deregister_image(ImageId=away)
    for one in (copy, tagged_copy["ImageId"]):
        ec2.deregister_image(ImageId=one)
    refused(
        "InvalidAMIID.NotFound",
        ec2.copy_image,
        SourceImageId="ami-0123456789abcdef0",
        SourceRegion="us-east-1",
        Name=fresh(),
    )
    refused("InvalidRequest", ec2.copy_image, SourceImageId=id, SourceRegion="mars-1", Name=fresh())


@behaviour
def who_may_launch_an_image_is_said():
    id = made_image()

    def permissions():
        return ec2.describe_image_attribute(ImageId=id, Attribute="launchPermission")[
            "LaunchPermissions"
        ]

    equal([], permissions())
    ec2.modify_image_attribute(
        ImageId=id,
        LaunchPermission={"Add": [{"UserId": "123456789012"}, {"UserId": "123456789013"}]},
    )
    equal({"123456789012", "123456789013"}, {p["UserId"] for p in permissions()})
    ec2.modify_image_attribute(ImageId=id, LaunchPermission={"Add": [{"UserId": "123456789012"}]})
    equal(2, len(permissions()))
    ec2.modify_image_attribute(
        ImageId=id, Attribute="launchPermission", OperationType="remove", UserIds=["123456789012"]
    )
    equal([{"UserId": "123456789013"}], permissions())
    ec2.modify_image_attribute(ImageId=id, LaunchPermission={"Add": [{"Group": "all"}]})
    equal(True, ec2.describe_images(ImageIds=[id])["Images"][0]["Public"])
    assert {"Group": "all"} in permissions()
    ec2.modify_image_attribute(ImageId=id, LaunchPermission={"Remove": [{"Group": "all"}]})
    equal(False, ec2.describe_images(ImageIds=[id])["Images"][0]["Public"])
    ec2.reset_image_attribute(ImageId=id, Attribute="launchPermission")
    equal([], permissions())
    refused(
        "InvalidAMIAttributeItemValue",
        ec2.modify_image_attribute,
        ImageId=id,
        LaunchPermission={"Add": [{"Group": "everyone"}]},
    )
    refused(
        "InvalidAMIAttributeItemValue",
        ec2.modify_image_attribute,
        ImageId=id,
        LaunchPermission={"Add": [{"UserId": "12"}]},
    )
    refused(
        "InvalidAMIID.NotFound",
        ec2.modify_image_attribute,
        ImageId="ami-0123456789abcdef0",
        LaunchPermission={"Add": [{"Group": "all"}]},
    )


@behaviour
def an_image_of_others_is_not_changed():
    refused("AuthFailure", ec2.modify_image_attribute, ImageId=image, Description={"Value": "mine"})
    refused(
        "AuthFailure",
        ec2.modify_image_attribute,
        ImageId=image,
        LaunchPermission={"Add": [{"Group": "all"}]},
    )
    refused(
        "AuthFailure", ec2.describe_image_attribute, ImageId=image, Attribute="launchPermission"
    )
    refused("AuthFailure", ec2.reset_image_attribute, ImageId=image, Attribute="launchPermission")
    refused("AuthFailure", ec2.deregister_image, ImageId=image)


@behaviour
def a_description_is_changed_both_ways():
    id = made_image()
    ec2.modify_image_attribute(ImageId=id, Description={"Value": "one"})
    equal(
        "one",
        ec2.describe_image_attribute(ImageId=id, Attribute="description")["Description"]["Value"],
    )
    ec2.modify_image_attribute(ImageId=id, Attribute="description", Value="two")
    equal("two", ec2.describe_images(ImageIds=[id])["Images"][0]["Description"])
    got = ec2.describe_image_attribute(ImageId=id, Attribute="blockDeviceMapping")[
        "BlockDeviceMappings"
    ]
    equal("/dev/sda1", got[0]["DeviceName"])
    refused("InvalidParameterCombination", ec2.modify_image_attribute, ImageId=id)
    refused("InvalidRequest", ec2.describe_image_attribute, ImageId=id, Attribute="nonsense")
    refused("InvalidRequest", ec2.reset_image_attribute, ImageId=id, Attribute="nonsense")


@behaviour
def filters_of_images_select():
    id = made_image()
    shown = ec2.describe_images(ImageIds=[id])["Images"][0]
    wanted = {
        "image-id": id,
        "name": shown["Name"],
        "state": "available",
        "architecture": shown["Architecture"],
        "is-public": "false",
        "root-device-type": "ebs",
        "root-device-name": "/dev/sda1",
        "owner-id": shown["OwnerId"],
        "image-type": "machine",
        "virtualization-type": "hvm",
        "hypervisor": shown["Hypervisor"],
        "tag:a": "b",
        "tag-key": "a",
        "block-device-mapping.snapshot-id": shown["BlockDeviceMappings"][0]["Ebs"]["SnapshotId"],
        "block-device-mapping.volume-size": "8",
        "block-device-mapping.delete-on-termination": "true",
        "block-device-mapping.device-name": "/dev/sda1",
        "description": shown["Description"],
    }

    def found(name, value):
        return id in [
            i["ImageId"] for i in ec2.describe_images(Filters=having(name, value))["Images"]
        ]

    equal([], [n for n, v in wanted.items() if not found(n, v)])
    equal([], [n for n in wanted if found(n, "nothing-is-like-it")])
    assert found("name", shown["Name"][:6] + "*")
    refused("InvalidParameterValue", ec2.describe_images, Filters=having("nonsense", "x"))
