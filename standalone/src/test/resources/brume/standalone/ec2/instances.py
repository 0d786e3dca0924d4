# Describing instances and changing their state.
from table import *


@behaviour
def stopping_and_starting_answer_both_states():
    id = launch("running")["InstanceId"]
    stopped = ec2.stop_instances(InstanceIds=[id])["StoppingInstances"][0]
    equal(
        (id, "running", "stopping"),
        (stopped["InstanceId"], stopped["PreviousState"]["Name"], stopped["CurrentState"]["Name"]),
    )
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[id], WaiterConfig=SOON)
    shown = instance(id)
    equal({"Code": 80, "Name": "stopped"}, shown["State"])
    equal("Client.UserInitiatedShutdown", shown["StateReason"]["Code"])
    equal("Client.UserInitiatedShutdown: User initiated shutdown", shown["StateReason"]["Message"])
    assert shown["StateTransitionReason"].startswith("User initiated ("), shown[
        "StateTransitionReason"
    ]
    assert "PublicIpAddress" not in shown
    again = ec2.stop_instances(InstanceIds=[id])["StoppingInstances"][0]
    equal(("stopped", "stopped"), (again["PreviousState"]["Name"], again["CurrentState"]["Name"]))
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])
    started = ec2.start_instances(InstanceIds=[id])["StartingInstances"][0]
    equal(
        ("stopped", "pending"), (started["PreviousState"]["Name"], started["CurrentState"]["Name"])
    )
    ec2.get_waiter("instance_running").wait(InstanceIds=[id], WaiterConfig=SOON)
    again = ec2.start_instances(InstanceIds=[id])["StartingInstances"][0]
    equal(("running", "running"), (again["PreviousState"]["Name"], again["CurrentState"]["Name"]))
    ec2.reboot_instances(InstanceIds=[id])
    end(id)


@behaviour
def a_terminated_instance_stays_to_be_seen():
    id = launch("running", TagSpecifications=tagged("instance", gone="soon"))["InstanceId"]
    ended = ec2.terminate_instances(InstanceIds=[id])["TerminatingInstances"][0]
    equal(
        ("running", 16, "shutting-down", 32),
        (
            ended["PreviousState"]["Name"],
            ended["PreviousState"]["Code"],
            ended["CurrentState"]["Name"],
            ended["CurrentState"]["Code"],
        ),
    )
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[id], WaiterConfig=SOON)
    shown = instance(id)
    equal({"Code": 48, "Name": "terminated"}, shown["State"])
    equal("Client.UserInitiatedShutdown", shown["StateReason"]["Code"])
    assert shown["StateTransitionReason"].startswith("User initiated ("), shown[
        "StateTransitionReason"
    ]
    for name in ("VpcId", "SubnetId", "PrivateIpAddress", "PublicIpAddress"):
        assert name not in shown, name
    equal([], shown.get("NetworkInterfaces", []))
    equal([], shown.get("BlockDeviceMappings", []))
    equal({"gone": "soon"}, tags_of(shown))
    again = ec2.terminate_instances(InstanceIds=[id])["TerminatingInstances"][0]
    equal(
        ("terminated", "terminated"),
        (again["PreviousState"]["Name"], again["CurrentState"]["Name"]),
    )
    refused("IncorrectInstanceState", ec2.start_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.stop_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])


@behaviour
def ids_that_are_none_are_refused_by_every_change_of_state():
    for call in (
        ec2.stop_instances,
        ec2.start_instances,
        ec2.reboot_instances,
        ec2.terminate_instances,
        ec2.describe_instances,
        ec2.monitor_instances,
        ec2.describe_instance_status,
    ):
        message = refused("InvalidInstanceID.NotFound", call, InstanceIds=["i-0123456789abcdef0"])
        equal("The instance ID 'i-0123456789abcdef0' does not exist", message)
        message = refused(
            "InvalidInstanceID.NotFound", call, InstanceIds=["i-12345678", "i-87654321"]
        )
        equal("The instance IDs 'i-12345678, i-87654321' do not exist", message)
        refused("InvalidInstanceID.Malformed", call, InstanceIds=["nonsense"])
    refused("MissingParameter", ec2.terminate_instances, "InstanceId")
    id = running()
    refused(
        "InvalidInstanceID.NotFound", ec2.stop_instances, InstanceIds=[id, "i-0123456789abcdef0"]
    )
    equal("running", instance(id)["State"]["Name"])


@behaviour
def protection_from_termination_holds():
    ids = [launch(DisableApiTermination=True)["InstanceId"], launch()["InstanceId"]]
    message = refused(
        "OperationNotPermitted", ec2.terminate_instances, "disableApiTermination", InstanceIds=ids
    )
    assert ids[0] in message, message
    assert instance(ids[1])["State"]["Name"] in ("pending", "running")
    ec2.modify_instance_attribute(InstanceId=ids[0], DisableApiTermination={"Value": False})
    end(*ids)


@behaviour
def monitoring_goes_on_and_off():
    id = running()
    on = ec2.monitor_instances(InstanceIds=[id])["InstanceMonitorings"]
    equal([{"InstanceId": id, "Monitoring": {"State": "pending"}}], on)
    equal("enabled", instance(id)["Monitoring"]["State"])
    equal(
        1,
        len(
            ec2.describe_instances(InstanceIds=[id], Filters=having("monitoring-state", "enabled"))[
                "Reservations"
            ]
        ),
    )
    off = ec2.unmonitor_instances(InstanceIds=[id])["InstanceMonitorings"]
    equal([{"InstanceId": id, "Monitoring": {"State": "disabling"}}], off)
    equal("disabled", instance(id)["Monitoring"]["State"])


@behaviour
def status_shows_what_runs_and_all_when_asked():
    id = running()
    stopped = once("stopped", lambda: stop_one())
    shown = ec2.describe_instance_status(InstanceIds=[id])["InstanceStatuses"][0]
    equal("ok", shown["SystemStatus"]["Status"])
    equal("ok", shown["InstanceStatus"]["Status"])
    equal({"reachability"}, {d["Name"] for d in shown["InstanceStatus"]["Details"]})
    equal("running", shown["InstanceState"]["Name"])
    assert shown["AvailabilityZone"]
    equal([], ec2.describe_instance_status(InstanceIds=[stopped])["InstanceStatuses"])
    found = ec2.describe_instance_status(InstanceIds=[stopped], IncludeAllInstances=True)[
        "InstanceStatuses"
    ]
    equal("stopped", found[0]["InstanceState"]["Name"])
    equal("not-applicable", found[0]["InstanceStatus"]["Status"])
    found = ec2.describe_instance_status(
        IncludeAllInstances=True, Filters=having("instance-state-name", "stopped")
    )
    assert stopped in [s["InstanceId"] for s in found["InstanceStatuses"]]
    found = ec2.describe_instance_status(Filters=having("instance-state-code", "16"))[
        "InstanceStatuses"
    ]
    assert id in [s["InstanceId"] for s in found]


def stop_one():
    id = launch("running")["InstanceId"]
    ec2.stop_instances(InstanceIds=[id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[id], WaiterConfig=SOON)
    return id


@behaviour
def the_console_can_be_read():
    got = ec2.get_console_output(InstanceId=running())
    equal(running(), got["InstanceId"])
    assert got["Timestamp"]
    assert "Output" in got, got
    refused("InvalidInstanceID.NotFound", ec2.get_console_output, InstanceId="i-0123456789abcdef0")
    password = ec2.get_password_data(InstanceId=running())
    equal("", password["PasswordData"])
    assert password["Timestamp"]


@behaviour
def filters_of_instances_select():
    one = launch(
        "running",
        TagSpecifications=tagged("instance", Name="filter me", Stage="x*y"),
        MinCount=1,
        MaxCount=1,
    )
    id = one["InstanceId"]
    shown = instance(id)

    def found(name, *values):
        pages = ec2.get_paginator("describe_instances").paginate(Filters=having(name, *values))
        return id in [
            i["InstanceId"] for p in pages for r in p["Reservations"] for i in r["Instances"]
        ]

    card = shown["NetworkInterfaces"][0]
    volume = shown["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    wanted = {
        "instance-id": id,
        "instance-state-name": "running",
        "instance-state-code": "16",
        "instance-type": "e1.nano",
        "image-id": image,
        "architecture": shown["Architecture"],
        "availability-zone": shown["Placement"]["AvailabilityZone"],
        "vpc-id": shown["VpcId"],
        "subnet-id": shown["SubnetId"],
        "private-ip-address": shown["PrivateIpAddress"],
        "private-dns-name": shown["PrivateDnsName"],
        "root-device-type": "ebs",
        "root-device-name": shown["RootDeviceName"],
        "block-device-mapping.volume-id": volume,
        "block-device-mapping.device-name": shown["RootDeviceName"],
        "block-device-mapping.status": "attached",
        "block-device-mapping.delete-on-termination": "true",
        "network-interface.network-interface-id": card["NetworkInterfaceId"],
        "network-interface.status": "in-use",
        "network-interface.addresses.private-ip-address": shown["PrivateIpAddress"],
        "network-interface.addresses.primary": "true",
        "network-interface.attachment.device-index": "0",
        "network-interface.mac-address": card["MacAddress"],
        "network-interface.vpc-id": shown["VpcId"],
        "network-interface.group-id": shown["SecurityGroups"][0]["GroupId"],
        "group-id": shown["SecurityGroups"][0]["GroupId"],
        "group-name": "default",
        "instance.group-id": shown["SecurityGroups"][0]["GroupId"],
        "tag:Name": "filter me",
        "tag-key": "Stage",
        "tag-value": "filter me",
        "tag:Stage": "x\\*y",
        "launch-index": "0",
        "monitoring-state": "disabled",
        "source-dest-check": "true",
        "tenancy": "default",
        "virtualization-type": "hvm",
        "hypervisor": shown["Hypervisor"],
        "owner-id": card["OwnerId"],
        "metadata-options.http-tokens": "optional",
        "launch-time": "20*",
        "usage-operation": "RunInstances",
    }
    missing = [name for name, value in wanted.items() if not found(name, value)]
    equal([], missing)
    extra = [name for name in wanted if found(name, "nothing-is-like-it")]
    equal([], extra)
    assert found("tag:Name", "f?lter*")
    assert not found("tag:Name", "FILTER ME")
    assert found("instance-type", "e1.huge", "e1.n*")
    refused(
        "InvalidParameterValue",
        ec2.describe_instances,
        "'nonsense'",
        Filters=having("nonsense", "x"),
    )
    end(id)


@behaviour
def filters_join_names_by_and_and_values_by_or():
    ids = [
        launch(TagSpecifications=tagged("instance", a=a, b=b))["InstanceId"]
        for a, b in (("1", "1"), ("1", "2"), ("2", "2"))
    ]

    def found(*filters):
        got = ec2.describe_instances(Filters=[f for fs in filters for f in fs])["Reservations"]
        return sorted(i["InstanceId"] for r in got for i in r["Instances"])

    mine = having("instance-id", *ids)
    equal(sorted(ids[:2]), found(mine, having("tag:a", "1")))
    equal(sorted(ids[1:2]), found(mine, having("tag:a", "1"), having("tag:b", "2")))
    equal(sorted(ids), found(mine, having("tag:a", "1", "2")))
    equal([], found(mine, having("tag:a", "3")))
    end(*ids)


@behaviour
def several_launches_are_several_reservations_newest_filters_included():
    first, second = launch(), launch()
    found = ec2.describe_instances(InstanceIds=[first["InstanceId"], second["InstanceId"]])[
        "Reservations"
    ]
    equal(2, len(found))
    for reservation in found:
        got = ec2.describe_instances(Filters=having("reservation-id", reservation["ReservationId"]))
        equal(1, len(got["Reservations"]))
    end(first["InstanceId"], second["InstanceId"])


@behaviour
def pages_of_instances_hold_as_many_as_asked():
    tag = fresh("page")
    ids = [
        one["InstanceId"]
        for one in launch(MinCount=7, MaxCount=7, TagSpecifications=tagged("instance", page=tag))
    ]
    mine = having("tag:page", tag)
    page = ec2.describe_instances(Filters=mine, MaxResults=5)
    equal(5, sum(len(r["Instances"]) for r in page["Reservations"]))
    rest = ec2.describe_instances(Filters=mine, MaxResults=5, NextToken=page["NextToken"])
    equal(2, sum(len(r["Instances"]) for r in rest["Reservations"]))
    assert "NextToken" not in rest
    equal(
        sorted(ids),
        sorted(
            i["InstanceId"] for p in (page, rest) for r in p["Reservations"] for i in r["Instances"]
        ),
    )
    refused("InvalidParameterValue", ec2.describe_instances, MaxResults=4)
    refused(
        "InvalidParameterCombination", ec2.describe_instances, MaxResults=5, InstanceIds=ids[:1]
    )
    refused("InvalidNextToken", ec2.describe_instances, NextToken="nonsense")
    refused("InvalidParameterValue", ec2.describe_instances, MaxResults=1001)
    end(*ids)


@behaviour
def a_spot_launch_is_refused():
    refused(
        "UnsupportedOperation",
        ec2.run_instances,
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="e1.nano",
        InstanceMarketOptions={"MarketType": "spot"},
    )


@behaviour
def a_reason_that_is_none_is_found_as_an_empty_one():
    id = running()
    mine = having("instance-id", id)
    for code, count in (("", 1), ("Client.UserInitiatedShutdown", 0)):
        found = ec2.describe_instances(Filters=mine + having("state-reason-code", code))
        equal(count, len(found["Reservations"]))


@behaviour
def public_names_are_found():
    one = launch()
    shown = instance(one["InstanceId"])
    assert shown["PublicIpAddress"].replace(".", "-") in shown["PublicDnsName"]
    found = ec2.describe_instances(Filters=having("dns-name", shown["PublicDnsName"]))
    equal([one["InstanceId"]], [r["Instances"][0]["InstanceId"] for r in found["Reservations"]])
    end(one["InstanceId"])
