# Launching, describing, changing the state of instances.
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
    for name in ("VpcId", "SubnetId", "PrivateIpAddress", "PrivateDnsName", "LaunchTime", "Architecture"):
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
        refused("InvalidParameterValue", ec2.run_instances, ImageId=image, MinCount=low, MaxCount=high)
    refused("InvalidParameterCombination", ec2.run_instances, ImageId=image, MinCount=3, MaxCount=2)
    refused("MissingParameter", ec2.run_instances, ImageId=image, MaxCount=1, says="MinCount")
    refused("MissingParameter", ec2.run_instances, ImageId=image, MinCount=1, says="MaxCount")


@behaviour
def images_that_are_none_are_refused():
    one = {"MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    refused("InvalidAMIID.NotFound", ec2.run_instances, "ami-0123456789abcdef0", ImageId="ami-0123456789abcdef0", **one)
    refused("InvalidAMIID.NotFound", ec2.run_instances, "ami-1234abcd", ImageId="ami-1234abcd", **one)
    refused("InvalidAMIID.Malformed", ec2.run_instances, 'Invalid id: "debian"', ImageId="debian", **one)
    refused("MissingParameter", ec2.run_instances, "ImageId", **one)


@behaviour
def types_that_are_none_are_refused():
    refused("InvalidParameterValue", ec2.run_instances, "t2.huge", ImageId=image, MinCount=1, MaxCount=1,
            InstanceType="t2.huge")


@behaviour
def dry_runs_of_a_launch_change_nothing():
    before = len(ec2.describe_instances(Filters=having("tag:dry", "run"))["Reservations"])
    message = refused("DryRunOperation", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1, DryRun=True,
                      InstanceType="e1.nano", TagSpecifications=tagged("instance", dry="run"))
    equal("Request would have succeeded, but DryRun flag is set.", message)
    equal(before, len(ec2.describe_instances(Filters=having("tag:dry", "run"))["Reservations"]))
    refused("InvalidAMIID.NotFound", ec2.run_instances, ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1,
            DryRun=True)


@behaviour
def every_change_of_state_has_a_dry_run():
    id = running()
    for call in (ec2.stop_instances, ec2.start_instances, ec2.reboot_instances, ec2.terminate_instances,
                 ec2.monitor_instances, ec2.unmonitor_instances):
        refused("DryRunOperation", call, InstanceIds=[id], DryRun=True)
    refused("DryRunOperation", ec2.describe_instances, DryRun=True)
    refused("DryRunOperation", ec2.modify_instance_attribute, InstanceId=id, DryRun=True,
            DisableApiTermination={"Value": True})
    equal("running", instance(id)["State"]["Name"])
    equal(False, ec2.describe_instance_attribute(InstanceId=id, Attribute="disableApiTermination")
          ["DisableApiTermination"]["Value"])


@behaviour
def a_client_token_gives_the_same_instances_again():
    token = fresh("token")
    parameters = {"ImageId": image, "InstanceType": "e1.nano", "MinCount": 1, "MaxCount": 1, "ClientToken": token}
    first = ec2.run_instances(**parameters)
    again = ec2.run_instances(**parameters)
    equal(first["ReservationId"], again["ReservationId"])
    equal(first["Instances"][0]["InstanceId"], again["Instances"][0]["InstanceId"])
    equal(token, again["Instances"][0]["ClientToken"])
    refused("IdempotentParameterMismatch", ec2.run_instances, **{**parameters, "InstanceType": "e1.micro"})
    refused("InvalidParameterValue", ec2.run_instances, **{**parameters, "ClientToken": "x" * 65})
    found = ec2.describe_instances(Filters=having("client-token", token))["Reservations"]
    equal(1, len(found))
    end(first["Instances"][0]["InstanceId"])


@behaviour
def tags_come_at_the_launch_for_instances_volumes_and_cards():
    spec = tagged("instance", Name="a", x="1") + tagged("volume", Name="v") + tagged("network-interface", Name="n")
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
    refused("InvalidParameterValue", ec2.run_instances, TagSpecifications=tagged("vpc", a="b"), **one)
    refused("InvalidParameterValue", ec2.run_instances, TagSpecifications=tagged("instance", **{"aws:x": "b"}), **one)
    refused("InvalidParameterValue", ec2.run_instances, TagSpecifications=tagged("instance", **{"k" * 128: "v" * 257}),
            **one)
    many = {f"k{i}": "v" for i in range(51)}
    refused("TagLimitExceeded", ec2.run_instances, TagSpecifications=tagged("instance", **many), **one)
    twice = [{"ResourceType": "instance", "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]}]
    refused("InvalidParameterValue", ec2.run_instances, "Duplicate tag key", TagSpecifications=twice, **one)
    refused("InvalidParameterValue", ec2.run_instances,
            TagSpecifications=[{"Tags": [{"Key": "a", "Value": "b"}]}], **one)


@behaviour
def user_data_is_given_back_as_it_was():
    one = launch(UserData="#!/bin/sh\necho é")
    got = ec2.describe_instance_attribute(InstanceId=one["InstanceId"], Attribute="userData")
    equal("#!/bin/sh\necho é", base64.b64decode(got["UserData"]["Value"]).decode())
    refused("InvalidParameterValue", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1, UserData="x" * 16385)
    end(one["InstanceId"])


@behaviour
def an_instance_without_user_data_has_none():
    got = ec2.describe_instance_attribute(InstanceId=running(), Attribute="userData")
    equal({}, got["UserData"])


@behaviour
def a_launch_takes_an_address_of_its_subnet():
    with Network() as n:
        one = launch(SubnetId=n.subnet, PrivateIpAddress="10.50.1.77")
        equal("10.50.1.77", one["PrivateIpAddress"])
        equal("ip-10-50-1-77.ec2.internal", one["PrivateDnsName"])
        found = ec2.describe_instances(Filters=having("private-ip-address", "10.50.1.77"))["Reservations"]
        equal(1, len(found))
        refused("InvalidIPAddress.InUse", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1,
                InstanceType="e1.nano", SubnetId=n.subnet, PrivateIpAddress="10.50.1.77")
        for wrong in ("10.50.2.7", "10.50.1.0", "10.50.1.3", "10.50.1.255", "nonsense"):
            refused("InvalidParameterValue", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1,
                    InstanceType="e1.nano", SubnetId=n.subnet, PrivateIpAddress=wrong)
        refused("InvalidParameterCombination", ec2.run_instances, ImageId=image, MinCount=2, MaxCount=2,
                InstanceType="e1.nano", SubnetId=n.subnet, PrivateIpAddress="10.50.1.78")
        refused("DependencyViolation", ec2.delete_subnet, SubnetId=n.subnet)
        end(one["InstanceId"])


@behaviour
def subnets_and_groups_of_a_launch_must_be_there_and_belong_together():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    refused("InvalidSubnetID.NotFound", ec2.run_instances, SubnetId="subnet-0123456789abcdef0", **one)
    refused("InvalidGroup.NotFound", ec2.run_instances, SecurityGroupIds=["sg-0123456789abcdef0"], **one)
    refused("InvalidGroup.NotFound", ec2.run_instances, SecurityGroups=["no-such-group"], **one)
    refused("InvalidKeyPair.NotFound", ec2.run_instances, "no-such-key", KeyName="no-such-key", **one)
    with Network() as n:
        group = ec2.create_security_group(GroupName="of-vpc", Description="d", VpcId=n.vpc)["GroupId"]
        refused("InvalidParameter", ec2.run_instances, SubnetId=default_subnet()["SubnetId"],
                SecurityGroupIds=[group], **one)
        refused("InvalidParameterCombination", ec2.run_instances, SubnetId=n.subnet, SecurityGroups=["default"], **one)
        launched = launch(SubnetId=n.subnet, SecurityGroupIds=[group])
        equal([{"GroupId": group, "GroupName": "of-vpc"}], launched["SecurityGroups"])
        end(launched["InstanceId"])
        ec2.delete_security_group(GroupId=group)


@behaviour
def a_launch_by_name_of_a_group_is_in_the_default_network():
    name = fresh("group")
    group = ec2.create_security_group(GroupName=name, Description="d")["GroupId"]
    one = launch(SecurityGroups=[name])
    equal(group, one["SecurityGroups"][0]["GroupId"])
    equal(default_vpc(), one["VpcId"])
    found = ec2.describe_instances(Filters=having("instance.group-name", name))["Reservations"]
    equal(1, len(found))
    end(one["InstanceId"])
    ec2.delete_security_group(GroupId=group)


@behaviour
def a_card_that_is_there_becomes_an_instances_first():
    card = ec2.create_network_interface(SubnetId=default_subnet()["SubnetId"])["NetworkInterface"]
    id = card["NetworkInterfaceId"]
    one = launch(NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": id}])
    equal(card["PrivateIpAddress"], one["PrivateIpAddress"])
    equal(False, one["NetworkInterfaces"][0]["Attachment"]["DeleteOnTermination"])
    refused("InvalidNetworkInterface.InUse", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1,
            InstanceType="e1.nano", NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": id}])
    end(one["InstanceId"])
    equal("available", ec2.describe_network_interfaces(NetworkInterfaceIds=[id])["NetworkInterfaces"][0]["Status"])
    ec2.delete_network_interface(NetworkInterfaceId=id)


@behaviour
def a_card_described_in_the_launch_is_made():
    subnet = default_subnet()["SubnetId"]
    group = ec2.create_security_group(GroupName=fresh("g"), Description="d")["GroupId"]
    one = launch(NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "Description": "first", "Groups": [group],
                                     "DeleteOnTermination": False}])
    card = one["NetworkInterfaces"][0]
    equal("first", card["Description"])
    equal(subnet, card["SubnetId"])
    equal(group, card["Groups"][0]["GroupId"])
    end(one["InstanceId"])
    ec2.delete_network_interface(NetworkInterfaceId=card["NetworkInterfaceId"])
    ec2.delete_security_group(GroupId=group)


@behaviour
def several_cards_come_at_a_launch():
    subnet = default_subnet()["SubnetId"]
    cards = [ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"] for _ in (1, 2)]
    one = launch(InstanceType="e1.micro", NetworkInterfaces=[{"NetworkInterfaceId": cards[0], "DeviceIndex": 0},
                                    {"NetworkInterfaceId": cards[1], "DeviceIndex": 1}])
    equal(cards, [c["NetworkInterfaceId"] for c in instance(one["InstanceId"])["NetworkInterfaces"]])
    end(one["InstanceId"])
    for card in cards:
        ec2.delete_network_interface(NetworkInterfaceId=card)


@behaviour
def cards_of_a_launch_are_checked():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    subnet = default_subnet()["SubnetId"]
    refused("InvalidParameterCombination", ec2.run_instances, SubnetId=subnet,
            NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet}], **one)
    refused("InvalidParameterCombination", ec2.run_instances, SecurityGroupIds=["sg-0123456789abcdef0"],
            NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet}], **one)
    refused("InvalidNetworkInterfaceID.NotFound", ec2.run_instances,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": "eni-0123456789abcdef0"}], **one)
    card = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    refused("InvalidParameterCombination", ec2.run_instances, **one,
            NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": card, "DeleteOnTermination": True}])
    ec2.delete_network_interface(NetworkInterfaceId=card)


@behaviour
def a_public_address_comes_when_asked_for():
    subnet = default_subnet()["SubnetId"]
    one = launch(NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True}])
    shown = instance(one["InstanceId"])
    assert shown["PublicIpAddress"], shown
    association = shown["NetworkInterfaces"][0]["Association"]
    equal(shown["PublicIpAddress"], association["PublicIp"])
    equal("amazon", association["IpOwnerId"])
    found = ec2.describe_instances(Filters=having("ip-address", shown["PublicIpAddress"]))["Reservations"]
    equal(1, len(found))
    equal([], [a for a in ec2.describe_addresses()["Addresses"] if a["PublicIp"] == shown["PublicIpAddress"]])
    end(one["InstanceId"])
    assert "PublicIpAddress" not in instance(one["InstanceId"])


@behaviour
def a_public_address_is_left_out_when_not_wanted():
    subnet = default_subnet()["SubnetId"]
    one = launch(NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": False}])
    assert "PublicIpAddress" not in instance(one["InstanceId"])
    end(one["InstanceId"])


@behaviour
def a_subnet_says_whether_instances_get_public_addresses():
    equal(True, default_subnet()["MapPublicIpOnLaunch"])
    assert instance(running())["PublicIpAddress"]
    with Network() as n:
        one = launch(SubnetId=n.subnet)
        assert "PublicIpAddress" not in instance(one["InstanceId"])
        ec2.modify_subnet_attribute(SubnetId=n.subnet, MapPublicIpOnLaunch={"Value": True})
        other = launch(SubnetId=n.subnet)
        assert instance(other["InstanceId"])["PublicIpAddress"]
        end(one["InstanceId"], other["InstanceId"])


@behaviour
def devices_of_a_launch_become_volumes():
    one = launch(BlockDeviceMappings=[
        {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 12, "DeleteOnTermination": True}},
        {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 3, "VolumeType": "gp3", "DeleteOnTermination": False}}])
    shown = instance(one["InstanceId"])
    devices = {d["DeviceName"]: d["Ebs"] for d in shown["BlockDeviceMappings"]}
    equal({"/dev/sda1", "/dev/sdb"}, set(devices))
    volumes = {v["VolumeId"]: v for v in
               ec2.describe_volumes(Filters=having("attachment.instance-id", one["InstanceId"]))["Volumes"]}
    equal(12, volumes[devices["/dev/sda1"]["VolumeId"]]["Size"])
    second = volumes[devices["/dev/sdb"]["VolumeId"]]
    equal((3, "gp3", 3000, 125), (second["Size"], second["VolumeType"], second["Iops"], second["Throughput"]))
    end(one["InstanceId"])
    refused("InvalidVolume.NotFound", ec2.describe_volumes, VolumeIds=[devices["/dev/sda1"]["VolumeId"]])
    equal("available", ec2.describe_volumes(VolumeIds=[second["VolumeId"]])["Volumes"][0]["State"])
    ec2.delete_volume(VolumeId=second["VolumeId"])


@behaviour
def devices_of_a_launch_are_checked():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}

    def with_device(code, **ebs):
        refused(code, ec2.run_instances, BlockDeviceMappings=[{"DeviceName": "/dev/sdb", "Ebs": ebs}], **one)

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
    refused("InvalidParameterValue", ec2.run_instances, "us-east-1z", ImageId=image, MinCount=1, MaxCount=1,
            InstanceType="e1.nano", Placement={"AvailabilityZone": "us-east-1z"})


@behaviour
def placement_says_the_group():
    name = fresh("pg")
    ec2.create_placement_group(GroupName=name, Strategy="spread")
    one = launch(Placement={"GroupName": name})
    equal(name, one["Placement"]["GroupName"])
    equal(1, len(ec2.describe_instances(Filters=having("placement-group-name", name))["Reservations"]))
    refused("InvalidPlacementGroup.InUse", ec2.delete_placement_group, GroupName=name)
    refused("InvalidPlacementGroup.Unknown", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1,
            InstanceType="e1.nano", Placement={"GroupName": "no-such-group"})
    end(one["InstanceId"])
    ec2.delete_placement_group(GroupName=name)


@behaviour
def credits_metadata_and_monitoring_are_set_at_a_launch():
    one = launch(CreditSpecification={"CpuCredits": "unlimited"}, Monitoring={"Enabled": True}, EbsOptimized=True,
                 MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 2, "InstanceMetadataTags": "enabled"},
                 InstanceInitiatedShutdownBehavior="terminate", DisableApiStop=True)
    id = one["InstanceId"]
    equal("pending", one["Monitoring"]["State"])
    shown = instance(id)
    equal("enabled", shown["Monitoring"]["State"])
    equal(("required", 2, "enabled"), tuple(shown["MetadataOptions"][k] for k in
          ("HttpTokens", "HttpPutResponseHopLimit", "InstanceMetadataTags")))
    equal(True, shown["EbsOptimized"])
    credits = ec2.describe_instance_credit_specifications(InstanceIds=[id])["InstanceCreditSpecifications"]
    equal([{"InstanceId": id, "CpuCredits": "unlimited"}], credits)
    behaviour = ec2.describe_instance_attribute(InstanceId=id, Attribute="instanceInitiatedShutdownBehavior")
    equal("terminate", behaviour["InstanceInitiatedShutdownBehavior"]["Value"])
    ec2.get_waiter("instance_running").wait(InstanceIds=[id], WaiterConfig=SOON)
    refused("OperationNotPermitted", ec2.stop_instances, "disableApiStop", InstanceIds=[id])
    end(id)
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    refused("InvalidParameterValue", ec2.run_instances, InstanceInitiatedShutdownBehavior="explode", **one)
    refused("InvalidParameterValue", ec2.run_instances, MetadataOptions={"HttpPutResponseHopLimit": 65}, **one)
    refused("InvalidParameterValue", ec2.run_instances, CreditSpecification={"CpuCredits": "endless"}, **one)


@behaviour
def stopping_and_starting_answer_both_states():
    id = launch("running")["InstanceId"]
    stopped = ec2.stop_instances(InstanceIds=[id])["StoppingInstances"][0]
    equal((id, "running", "stopping"), (stopped["InstanceId"], stopped["PreviousState"]["Name"],
                                        stopped["CurrentState"]["Name"]))
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[id], WaiterConfig=SOON)
    shown = instance(id)
    equal({"Code": 80, "Name": "stopped"}, shown["State"])
    equal("Client.UserInitiatedShutdown", shown["StateReason"]["Code"])
    equal("Client.UserInitiatedShutdown: User initiated shutdown", shown["StateReason"]["Message"])
    assert shown["StateTransitionReason"].startswith("User initiated ("), shown["StateTransitionReason"]
    assert "PublicIpAddress" not in shown
    again = ec2.stop_instances(InstanceIds=[id])["StoppingInstances"][0]
    equal(("stopped", "stopped"), (again["PreviousState"]["Name"], again["CurrentState"]["Name"]))
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])
    started = ec2.start_instances(InstanceIds=[id])["StartingInstances"][0]
    equal(("stopped", "pending"), (started["PreviousState"]["Name"], started["CurrentState"]["Name"]))
    ec2.get_waiter("instance_running").wait(InstanceIds=[id], WaiterConfig=SOON)
    again = ec2.start_instances(InstanceIds=[id])["StartingInstances"][0]
    equal(("running", "running"), (again["PreviousState"]["Name"], again["CurrentState"]["Name"]))
    ec2.reboot_instances(InstanceIds=[id])
    end(id)


@behaviour
def a_terminated_instance_stays_to_be_seen():
    id = launch("running", TagSpecifications=tagged("instance", gone="soon"))["InstanceId"]
    ended = ec2.terminate_instances(InstanceIds=[id])["TerminatingInstances"][0]
    equal(("running", 16, "shutting-down", 32), (
        ended["PreviousState"]["Name"], ended["PreviousState"]["Code"],
        ended["CurrentState"]["Name"], ended["CurrentState"]["Code"]))
    ec2.get_waiter("instance_terminated").wait(InstanceIds=[id], WaiterConfig=SOON)
    shown = instance(id)
    equal({"Code": 48, "Name": "terminated"}, shown["State"])
    equal("Client.UserInitiatedShutdown", shown["StateReason"]["Code"])
    assert shown["StateTransitionReason"].startswith("User initiated ("), shown["StateTransitionReason"]
    for name in ("VpcId", "SubnetId", "PrivateIpAddress", "PublicIpAddress"):
        assert name not in shown, name
    equal([], shown.get("NetworkInterfaces", []))
    equal([], shown.get("BlockDeviceMappings", []))
    equal({"gone": "soon"}, tags_of(shown))
    again = ec2.terminate_instances(InstanceIds=[id])["TerminatingInstances"][0]
    equal(("terminated", "terminated"), (again["PreviousState"]["Name"], again["CurrentState"]["Name"]))
    refused("IncorrectInstanceState", ec2.start_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.stop_instances, InstanceIds=[id])
    refused("IncorrectInstanceState", ec2.reboot_instances, InstanceIds=[id])


@behaviour
def ids_that_are_none_are_refused_by_every_change_of_state():
    for call in (ec2.stop_instances, ec2.start_instances, ec2.reboot_instances, ec2.terminate_instances,
                 ec2.describe_instances, ec2.monitor_instances, ec2.describe_instance_status):
        message = refused("InvalidInstanceID.NotFound", call, InstanceIds=["i-0123456789abcdef0"])
        equal("The instance ID 'i-0123456789abcdef0' does not exist", message)
        message = refused("InvalidInstanceID.NotFound", call, InstanceIds=["i-12345678", "i-87654321"])
        equal("The instance IDs 'i-12345678, i-87654321' do not exist", message)
        refused("InvalidInstanceID.Malformed", call, InstanceIds=["nonsense"])
    refused("MissingParameter", ec2.terminate_instances, "InstanceId")
    id = running()
    refused("InvalidInstanceID.NotFound", ec2.stop_instances, InstanceIds=[id, "i-0123456789abcdef0"])
    equal("running", instance(id)["State"]["Name"])


@behaviour
def protection_from_termination_holds():
    ids = [launch(DisableApiTermination=True)["InstanceId"], launch()["InstanceId"]]
    message = refused("OperationNotPermitted", ec2.terminate_instances, "disableApiTermination", InstanceIds=ids)
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
    equal(1, len(ec2.describe_instances(InstanceIds=[id], Filters=having("monitoring-state", "enabled"))["Reservations"]))
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
    found = ec2.describe_instance_status(InstanceIds=[stopped], IncludeAllInstances=True)["InstanceStatuses"]
    equal("stopped", found[0]["InstanceState"]["Name"])
    equal("not-applicable", found[0]["InstanceStatus"]["Status"])
    found = ec2.describe_instance_status(IncludeAllInstances=True, Filters=having("instance-state-name", "stopped"))
    assert stopped in [s["InstanceId"] for s in found["InstanceStatuses"]]
    found = ec2.describe_instance_status(Filters=having("instance-state-code", "16"))["InstanceStatuses"]
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
    one = launch("running", TagSpecifications=tagged("instance", Name="filter me", Stage="x*y"), MinCount=1, MaxCount=1)
    id = one["InstanceId"]
    shown = instance(id)

    def found(name, *values):
        pages = ec2.get_paginator("describe_instances").paginate(Filters=having(name, *values))
        return id in [i["InstanceId"] for p in pages for r in p["Reservations"] for i in r["Instances"]]

    card = shown["NetworkInterfaces"][0]
    volume = shown["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    wanted = {
        "instance-id": id, "instance-state-name": "running", "instance-state-code": "16", "instance-type": "e1.nano",
        "image-id": image, "architecture": shown["Architecture"], "availability-zone": shown["Placement"]["AvailabilityZone"],
        "vpc-id": shown["VpcId"], "subnet-id": shown["SubnetId"], "private-ip-address": shown["PrivateIpAddress"],
        "private-dns-name": shown["PrivateDnsName"], "root-device-type": "ebs", "root-device-name": shown["RootDeviceName"],
        "block-device-mapping.volume-id": volume, "block-device-mapping.device-name": shown["RootDeviceName"],
        "block-device-mapping.status": "attached", "block-device-mapping.delete-on-termination": "true",
        "network-interface.network-interface-id": card["NetworkInterfaceId"], "network-interface.status": "in-use",
        "network-interface.addresses.private-ip-address": shown["PrivateIpAddress"],
        "network-interface.addresses.primary": "true", "network-interface.attachment.device-index": "0",
        "network-interface.mac-address": card["MacAddress"], "network-interface.vpc-id": shown["VpcId"],
        "network-interface.group-id": shown["SecurityGroups"][0]["GroupId"], "group-id": shown["SecurityGroups"][0]["GroupId"],
        "group-name": "default", "instance.group-id": shown["SecurityGroups"][0]["GroupId"], "tag:Name": "filter me",
        "tag-key": "Stage", "tag-value": "filter me", "tag:Stage": "x\\*y", "launch-index": "0", "monitoring-state": "disabled",
        "source-dest-check": "true", "tenancy": "default", "virtualization-type": "hvm", "hypervisor": shown["Hypervisor"],
        "owner-id": card["OwnerId"], "metadata-options.http-tokens": "optional", "launch-time": "20*",
        "usage-operation": "RunInstances",
    }
    missing = [name for name, value in wanted.items() if not found(name, value)]
    equal([], missing)
    extra = [name for name in wanted if found(name, "nothing-is-like-it")]
    equal([], extra)
    assert found("tag:Name", "f?lter*")
    assert not found("tag:Name", "FILTER ME")
    assert found("instance-type", "e1.huge", "e1.n*")
    refused("InvalidParameterValue", ec2.describe_instances, "'nonsense'", Filters=having("nonsense", "x"))
    end(id)


@behaviour
def filters_join_names_by_and_and_values_by_or():
    ids = [launch(TagSpecifications=tagged("instance", a=a, b=b))["InstanceId"] for a, b in
           (("1", "1"), ("1", "2"), ("2", "2"))]

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
    found = ec2.describe_instances(InstanceIds=[first["InstanceId"], second["InstanceId"]])["Reservations"]
    equal(2, len(found))
    for reservation in found:
        got = ec2.describe_instances(Filters=having("reservation-id", reservation["ReservationId"]))
        equal(1, len(got["Reservations"]))
    end(first["InstanceId"], second["InstanceId"])


@behaviour
def pages_of_instances_hold_as_many_as_asked():
    tag = fresh("page")
    ids = [one["InstanceId"] for one in launch(MinCount=7, MaxCount=7, TagSpecifications=tagged("instance", page=tag))]
    mine = having("tag:page", tag)
    page = ec2.describe_instances(Filters=mine, MaxResults=5)
    equal(5, sum(len(r["Instances"]) for r in page["Reservations"]))
    rest = ec2.describe_instances(Filters=mine, MaxResults=5, NextToken=page["NextToken"])
    equal(2, sum(len(r["Instances"]) for r in rest["Reservations"]))
    assert "NextToken" not in rest
    equal(sorted(ids), sorted(i["InstanceId"] for p in (page, rest) for r in p["Reservations"] for i in r["Instances"]))
    refused("InvalidParameterValue", ec2.describe_instances, MaxResults=4)
    refused("InvalidParameterCombination", ec2.describe_instances, MaxResults=5, InstanceIds=ids[:1])
    refused("InvalidNextToken", ec2.describe_instances, NextToken="nonsense")
    refused("InvalidParameterValue", ec2.describe_instances, MaxResults=1001)
    end(*ids)


@behaviour
def a_spot_launch_is_refused():
    refused("UnsupportedOperation", ec2.run_instances, ImageId=image, MinCount=1, MaxCount=1, InstanceType="e1.nano",
            InstanceMarketOptions={"MarketType": "spot"})
