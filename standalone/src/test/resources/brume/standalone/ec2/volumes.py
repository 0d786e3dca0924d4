# Volumes and snapshots.
from table import *


def volume(**more):
    wanted = {"AvailabilityZone": zone(), "Size": 1, **more}
    return ec2.create_volume(**{k: v for k, v in wanted.items() if v is not None})["VolumeId"]


def shown(id):
    return ec2.describe_volumes(VolumeIds=[id])["Volumes"][0]


@behaviour
def a_volume_is_made_shown_and_deleted():
    made = ec2.create_volume(
        AvailabilityZone=zone(), Size=80, TagSpecifications=tagged("volume", a="b")
    )
    id = made["VolumeId"]
    equal(
        (80, "creating", zone(), False, "", "gp2", 240),
        tuple(
            made[k]
            for k in (
                "Size",
                "State",
                "AvailabilityZone",
                "Encrypted",
                "SnapshotId",
                "VolumeType",
                "Iops",
            )
        ),
    )
    equal({"a": "b"}, tags_of(made))
    equal(False, made["MultiAttachEnabled"])
    one = shown(id)
    equal(("available", []), (one["State"], one["Attachments"]))
    refused("DryRunOperation", ec2.delete_volume, VolumeId=id, DryRun=True)
    ec2.delete_volume(VolumeId=id)
    message = refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[id])
    equal(f"The volume '{id}' does not exist.", message)
    refused("InvalidVolume.NotFound", ec2.delete_volume, VolumeId=id)
    refused("InvalidVolumeID.Malformed", ec2.describe_volumes, VolumeIds=["nonsense"])


@behaviour
def kinds_of_volumes_have_their_speeds():
    for kind, asked, iops, throughput in (
        ("gp2", {}, 100, None),
        ("gp3", {}, 3000, 125),
        ("gp3", {"Size": 8, "Iops": 4000, "Throughput": 250}, 4000, 250),
        ("io1", {"Iops": 200, "Size": 4}, 200, None),
        ("io2", {"Iops": 300, "Size": 4}, 300, None),
        ("st1", {"Size": 125}, None, None),
        ("sc1", {"Size": 125}, None, None),
        ("standard", {}, None, None),
    ):
        id = volume(VolumeType=kind, **asked)
        one = shown(id)
        equal((kind, iops, throughput), (one["VolumeType"], one.get("Iops"), one.get("Throughput")))
        ec2.delete_volume(VolumeId=id)


@behaviour
def volumes_are_checked():
    one = {"AvailabilityZone": zone()}
    refused("MissingParameter", ec2.create_volume, **one)
    refused("MissingParameter", ec2.create_volume, Size=1)
    refused(
        "InvalidZone.NotFound",
        ec2.create_volume,
        "us-east-1z",
        AvailabilityZone="us-east-1z",
        Size=1,
    )
    refused("UnknownVolumeType", ec2.create_volume, Size=1, VolumeType="gp9", **one)
    refused("InvalidParameterValue", ec2.create_volume, Size=0, **one)
    refused("InvalidParameterValue", ec2.create_volume, Size=16385, VolumeType="gp2", **one)
    refused("InvalidParameterValue", ec2.create_volume, Size=10, VolumeType="st1", **one)
    refused("InvalidParameterValue", ec2.create_volume, Size=4, VolumeType="io1", Iops=201, **one)
    refused("InvalidParameterValue", ec2.create_volume, Size=4, VolumeType="gp3", Iops=2999, **one)
    refused("MissingParameter", ec2.create_volume, "iops", Size=4, VolumeType="io1", **one)
    for kind in ("gp2", "st1", "sc1", "standard"):
        refused(
            "InvalidParameterCombination",
            ec2.create_volume,
            Size=125,
            VolumeType=kind,
            Iops=500,
            **one,
        )
    refused(
        "InvalidParameterCombination",
        ec2.create_volume,
        Size=4,
        VolumeType="gp2",
        Throughput=200,
        **one,
    )
    refused(
        "InvalidSnapshot.NotFound", ec2.create_volume, SnapshotId="snap-0123456789abcdef0", **one
    )
    refused("DryRunOperation", ec2.create_volume, Size=1, DryRun=True, **one)
    refused(
        "InvalidParameterValue",
        ec2.create_volume,
        Size=1,
        TagSpecifications=tagged("instance", a="b"),
        **one,
    )


@behaviour
def encryption_is_kept():
    made = ec2.create_volume(AvailabilityZone=zone(), Size=1, Encrypted=True)
    equal(True, made["Encrypted"])
    equal(True, shown(made["VolumeId"])["Encrypted"])
    assert made["VolumeId"] in [
        v["VolumeId"] for v in ec2.describe_volumes(Filters=having("encrypted", "true"))["Volumes"]
    ]
    snapshot = ec2.create_snapshot(VolumeId=made["VolumeId"])
    equal(True, snapshot["Encrypted"])
    ec2.delete_snapshot(SnapshotId=snapshot["SnapshotId"])
    ec2.delete_volume(VolumeId=made["VolumeId"])


@behaviour
def a_client_token_makes_a_volume_once():
    token = fresh("token")
    equal(volume(ClientToken=token), volume(ClientToken=token))
    refused(
        "IdempotentParameterMismatch",
        ec2.create_volume,
        AvailabilityZone=zone(),
        Size=2,
        ClientToken=token,
    )


@behaviour
def a_volume_is_attached_and_detached():
    id, at = running(), instance(running())["Placement"]["AvailabilityZone"]
    one = volume(AvailabilityZone=at)
    made = ec2.attach_volume(VolumeId=one, InstanceId=id, Device="/dev/sdh")
    equal(
        ("attaching", id, one, "/dev/sdh"),
        tuple(made[k] for k in ("State", "InstanceId", "VolumeId", "Device")),
    )
    attached = shown(one)
    equal("in-use", attached["State"])
    equal(
        ("attached", False),
        (attached["Attachments"][0]["State"], attached["Attachments"][0]["DeleteOnTermination"]),
    )
    assert "/dev/sdh" in [d["DeviceName"] for d in instance(id)["BlockDeviceMappings"]]
    refused("VolumeInUse", ec2.attach_volume, VolumeId=one, InstanceId=id, Device="/dev/sdi")
    message = refused("VolumeInUse", ec2.delete_volume, VolumeId=one)
    equal(f"Volume {one} is currently attached to {id}", message)
    other = volume(AvailabilityZone=at)
    refused(
        "InvalidParameterValue",
        ec2.attach_volume,
        "/dev/sdh",
        VolumeId=other,
        InstanceId=id,
        Device="/dev/sdh",
    )
    for name, value in {
        "attachment.instance-id": id,
        "attachment.device": "/dev/sdh",
        "attachment.status": "attached",
        "attachment.delete-on-termination": "false",
    }.items():
        assert one in [
            v["VolumeId"] for v in ec2.describe_volumes(Filters=having(name, value))["Volumes"]
        ], name
    made = ec2.detach_volume(VolumeId=one, InstanceId=id, Device="/dev/sdh")
    equal("detaching", made["State"])
    equal("available", shown(one)["State"])
    refused("IncorrectState", ec2.detach_volume, VolumeId=one)
    refused(
        "InvalidVolume.NotFound",
        ec2.attach_volume,
        VolumeId="vol-0123456789abcdef0",
        InstanceId=id,
        Device="/dev/sdh",
    )
    refused(
        "InvalidInstanceID.NotFound",
        ec2.attach_volume,
        VolumeId=one,
        InstanceId="i-0123456789abcdef0",
        Device="/dev/sdh",
    )
    refused("MissingParameter", ec2.attach_volume, VolumeId=one, InstanceId=id)
    root = instance(id)["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    refused("OperationNotPermitted", ec2.detach_volume, VolumeId=root, InstanceId=id)
    away = volume(
        AvailabilityZone=next(
            z["ZoneName"]
            for z in ec2.describe_availability_zones()["AvailabilityZones"]
            if z["ZoneName"] != at
        )
    )
    refused(
        "InvalidVolume.ZoneMismatch",
        ec2.attach_volume,
        VolumeId=away,
        InstanceId=id,
        Device="/dev/sdj",
    )
    for v in (one, other, away):
        ec2.delete_volume(VolumeId=v)


@behaviour
def a_volume_that_was_attached_outlives_its_instance():
    one = launch("running")
    id = volume(AvailabilityZone=instance(one["InstanceId"])["Placement"]["AvailabilityZone"])
    ec2.attach_volume(VolumeId=id, InstanceId=one["InstanceId"], Device="/dev/sdf")
    end(one["InstanceId"])
    equal("available", shown(id)["State"])
    ec2.delete_volume(VolumeId=id)


@behaviour
def filters_of_volumes_select():
    id = volume(VolumeType="gp3", Size=7, TagSpecifications=tagged("volume", kind="filter"))
    wanted = {
        "volume-id": id,
        "size": "7",
        "status": "available",
        "availability-zone": zone(),
        "volume-type": "gp3",
        "encrypted": "false",
        "tag:kind": "filter",
        "tag-key": "kind",
        "tag-value": "filter",
        "create-time": "20*",
        "multi-attach-enabled": "false",
    }

    def found(name, value):
        return id in [
            v["VolumeId"] for v in ec2.describe_volumes(Filters=having(name, value))["Volumes"]
        ]

    equal([], [n for n, v in wanted.items() if not found(n, v)])
    equal([], [n for n in wanted if found(n, "nothing-is-like-it")])
    refused("InvalidParameterValue", ec2.describe_volumes, Filters=having("nonsense", "x"))
    ec2.delete_volume(VolumeId=id)


@behaviour
def pages_of_volumes_hold_as_many_as_asked():
    kind = fresh("page")
    ids = [volume(TagSpecifications=tagged("volume", page=kind)) for _ in range(6)]
    mine = having("tag:page", kind)
    page = ec2.describe_volumes(Filters=mine, MaxResults=5)
    equal(5, len(page["Volumes"]))
    rest = ec2.describe_volumes(Filters=mine, MaxResults=5, NextToken=page["NextToken"])
    equal(1, len(rest["Volumes"]))
    assert "NextToken" not in rest
    refused("InvalidParameterValue", ec2.describe_volumes, MaxResults=4)
    refused("InvalidParameterCombination", ec2.describe_volumes, MaxResults=5, VolumeIds=ids[:1])
    for id in ids:
        ec2.delete_volume(VolumeId=id)


@behaviour
def a_volume_is_modified():
    id = volume(VolumeType="gp2", Size=5)
    made = ec2.modify_volume(VolumeId=id, Size=6, VolumeType="gp3")["VolumeModification"]
    equal(
        ("modifying", 5, 6, "gp2", "gp3"),
        tuple(
            made[k]
            for k in (
                "ModificationState",
                "OriginalSize",
                "TargetSize",
                "OriginalVolumeType",
                "TargetVolumeType",
            )
        ),
    )
    one = shown(id)
    equal((6, "gp3", 3000), (one["Size"], one["VolumeType"], one["Iops"]))
    found = ec2.describe_volumes_modifications(VolumeIds=[id])["VolumesModifications"][0]
    assert found["ModificationState"] in ("optimizing", "completed"), found
    refused("InvalidParameterValue", ec2.modify_volume, VolumeId=id, Size=1)
    refused("InvalidVolume.NotFound", ec2.modify_volume, VolumeId="vol-0123456789abcdef0", Size=9)
    ec2.delete_volume(VolumeId=id)


@behaviour
def the_status_and_attributes_of_a_volume_are_shown():
    id = volume()
    status = ec2.describe_volume_status(VolumeIds=[id])["VolumeStatuses"][0]
    equal("ok", status["VolumeStatus"]["Status"])
    equal({"io-enabled", "io-performance"}, {d["Name"] for d in status["VolumeStatus"]["Details"]})
    equal(([], []), (status["Actions"], status["Events"]))
    equal(
        False,
        ec2.describe_volume_attribute(VolumeId=id, Attribute="autoEnableIO")["AutoEnableIO"][
            "Value"
        ],
    )
    ec2.modify_volume_attribute(VolumeId=id, AutoEnableIO={"Value": True})
    equal(
        True,
        ec2.describe_volume_attribute(VolumeId=id, Attribute="autoEnableIO")["AutoEnableIO"][
            "Value"
        ],
    )
    ec2.delete_volume(VolumeId=id)


@behaviour
def a_snapshot_is_taken_shown_and_deleted():
    id = volume(Size=3)
    made = ec2.create_snapshot(
        VolumeId=id, Description="a snapshot", TagSpecifications=tagged("snapshot", a="b")
    )
    snapshot = made["SnapshotId"]
    equal(
        ("pending", id, 3, "a snapshot", False, ""),
        tuple(
            made[k]
            for k in ("State", "VolumeId", "VolumeSize", "Description", "Encrypted", "Progress")
        ),
    )
    equal({"a": "b"}, tags_of(made))
    assert made["StartTime"] and made["OwnerId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=SOON)
    one = ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
    equal(("completed", "100%", "standard"), (one["State"], one["Progress"], one["StorageTier"]))
    ec2.delete_volume(VolumeId=id)
    again = ec2.create_volume(SnapshotId=snapshot, AvailabilityZone=zone())
    equal((3, snapshot), (again["Size"], again["SnapshotId"]))
    refused(
        "InvalidParameterValue",
        ec2.create_volume,
        SnapshotId=snapshot,
        Size=2,
        AvailabilityZone=zone(),
    )
    assert again["VolumeId"] in [
        v["VolumeId"]
        for v in ec2.describe_volumes(Filters=having("snapshot-id", snapshot))["Volumes"]
    ]
    ec2.delete_volume(VolumeId=again["VolumeId"])
    ec2.delete_snapshot(SnapshotId=snapshot)
    message = refused("InvalidSnapshot.NotFound", ec2.describe_snapshots, SnapshotIds=[snapshot])
    equal(f"The snapshot '{snapshot}' does not exist.", message)
    refused("InvalidSnapshot.NotFound", ec2.delete_snapshot, SnapshotId=snapshot)
    refused("InvalidVolume.NotFound", ec2.create_snapshot, VolumeId="vol-0123456789abcdef0")
    refused("MissingParameter", ec2.create_snapshot)
    refused("InvalidSnapshotID.Malformed", ec2.describe_snapshots, SnapshotIds=["nonsense"])


@behaviour
def filters_of_snapshots_select():
    id = volume(Size=3)
    snapshot = ec2.create_snapshot(
        VolumeId=id, Description="find me", TagSpecifications=tagged("snapshot", kind="filter")
    )["SnapshotId"]
    one = ec2.describe_snapshots(SnapshotIds=[snapshot])["Snapshots"][0]
    wanted = {
        "snapshot-id": snapshot,
        "volume-id": id,
        "volume-size": "3",
        "status": "completed",
        "description": "find me",
        "encrypted": "false",
        "owner-id": one["OwnerId"],
        "tag:kind": "filter",
        "tag-key": "kind",
        "start-time": "20*",
        "progress": "100%",
    }

    def found(name, value):
        return snapshot in [
            s["SnapshotId"]
            for s in ec2.describe_snapshots(Filters=having(name, value), OwnerIds=["self"])[
                "Snapshots"
            ]
        ]

    equal([], [n for n, v in wanted.items() if not found(n, v)])
    equal([], [n for n in wanted if found(n, "nothing-is-like-it")])
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.delete_volume(VolumeId=id)


@behaviour
def who_may_use_a_snapshot_is_said():
    id = volume()
    snapshot = ec2.create_snapshot(VolumeId=id)["SnapshotId"]

    def permissions():
        return ec2.describe_snapshot_attribute(
            SnapshotId=snapshot, Attribute="createVolumePermission"
        )["CreateVolumePermissions"]

    equal([], permissions())
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot,
        Attribute="createVolumePermission",
        OperationType="add",
        GroupNames=["all"],
    )
    equal([{"Group": "all"}], permissions())
    assert snapshot in [
        s["SnapshotId"] for s in ec2.describe_snapshots(RestorableByUserIds=["all"])["Snapshots"]
    ]
    ec2.modify_snapshot_attribute(
        SnapshotId=snapshot,
        CreateVolumePermission={"Remove": [{"Group": "all"}], "Add": [{"UserId": "123456789012"}]},
    )
    equal([{"UserId": "123456789012"}], permissions())
    ec2.reset_snapshot_attribute(SnapshotId=snapshot, Attribute="createVolumePermission")
    equal([], permissions())
    refused(
        "InvalidSnapshot.NotFound",
        ec2.describe_snapshot_attribute,
        SnapshotId="snap-0123456789abcdef0",
        Attribute="createVolumePermission",
    )
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.delete_volume(VolumeId=id)


@behaviour
def a_snapshot_is_copied():
    id = volume()
    snapshot = ec2.create_snapshot(VolumeId=id)["SnapshotId"]
    ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=SOON)
    west = boto3.client("ec2", region_name="us-west-2")
    copy = west.copy_snapshot(
        SourceRegion="us-east-1", SourceSnapshotId=snapshot, Description="copied"
    )["SnapshotId"]
    one = west.describe_snapshots(SnapshotIds=[copy])["Snapshots"][0]
    equal(("copied", 1, "vol-ffffffff"), (one["Description"], one["VolumeSize"], one["VolumeId"]))
    west.delete_snapshot(SnapshotId=copy)
    refused(
        "InvalidSnapshot.NotFound",
        ec2.copy_snapshot,
        SourceRegion="us-east-1",
        SourceSnapshotId="snap-0123456789abcdef0",
    )
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.delete_volume(VolumeId=id)


@behaviour
def snapshots_of_all_volumes_of_an_instance_are_taken_together():
    one = launch(
        "running", BlockDeviceMappings=[{"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 1}}]
    )["InstanceId"]
    made = ec2.create_snapshots(InstanceSpecification={"InstanceId": one}, Description="all")[
        "Snapshots"
    ]
    equal(2, len(made))
    without = ec2.create_snapshots(
        InstanceSpecification={"InstanceId": one, "ExcludeBootVolume": True}
    )["Snapshots"]
    equal(1, len(without))
    for snapshot in made + without:
        ec2.delete_snapshot(SnapshotId=snapshot["SnapshotId"])
    end(one)
