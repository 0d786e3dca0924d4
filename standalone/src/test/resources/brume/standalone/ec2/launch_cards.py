# The network interfaces and addresses of a launch.
from table import *


@behaviour
def a_launch_takes_an_address_of_its_subnet():
    with Network() as n:
        one = launch(SubnetId=n.subnet, PrivateIpAddress="10.50.1.77")
        equal("10.50.1.77", one["PrivateIpAddress"])
        equal("ip-10-50-1-77.ec2.internal", one["PrivateDnsName"])
        found = ec2.describe_instances(Filters=having("private-ip-address", "10.50.1.77"))[
            "Reservations"
        ]
        equal(1, len(found))
        refused(
            "InvalidIPAddress.InUse",
            ec2.run_instances,
            ImageId=image,
            MinCount=1,
            MaxCount=1,
            InstanceType="e1.nano",
            SubnetId=n.subnet,
            PrivateIpAddress="10.50.1.77",
        )
        for wrong in ("10.50.2.7", "10.50.1.0", "10.50.1.3", "10.50.1.255", "nonsense"):
            refused(
                "InvalidParameterValue",
                ec2.run_instances,
                ImageId=image,
                MinCount=1,
                MaxCount=1,
                InstanceType="e1.nano",
                SubnetId=n.subnet,
                PrivateIpAddress=wrong,
            )
        refused(
            "InvalidParameterCombination",
            ec2.run_instances,
            ImageId=image,
            MinCount=2,
            MaxCount=2,
            InstanceType="e1.nano",
            SubnetId=n.subnet,
            PrivateIpAddress="10.50.1.78",
        )
        refused("DependencyViolation", ec2.delete_subnet, SubnetId=n.subnet)
        end(one["InstanceId"])


@behaviour
def subnets_and_groups_of_a_launch_must_be_there_and_belong_together():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    refused(
        "InvalidSubnetID.NotFound", ec2.run_instances, SubnetId="subnet-0123456789abcdef0", **one
    )
    refused(
        "InvalidGroup.NotFound", ec2.run_instances, SecurityGroupIds=["sg-0123456789abcdef0"], **one
    )
    refused("InvalidGroup.NotFound", ec2.run_instances, SecurityGroups=["no-such-group"], **one)
    refused(
        "InvalidKeyPair.NotFound", ec2.run_instances, "no-such-key", KeyName="no-such-key", **one
    )
    with Network() as n:
        group = ec2.create_security_group(GroupName="of-vpc", Description="d", VpcId=n.vpc)[
            "GroupId"
        ]
        refused(
            "InvalidParameter",
            ec2.run_instances,
            SubnetId=default_subnet()["SubnetId"],
            SecurityGroupIds=[group],
            **one
        )
        refused(
            "InvalidParameterCombination",
            ec2.run_instances,
            SubnetId=n.subnet,
            SecurityGroups=["default"],
            **one
        )
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
    refused(
        "InvalidNetworkInterface.InUse",
        ec2.run_instances,
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="e1.nano",
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": id}],
    )
    end(one["InstanceId"])
    equal(
        "available",
        ec2.describe_network_interfaces(NetworkInterfaceIds=[id])["NetworkInterfaces"][0]["Status"],
    )
    ec2.delete_network_interface(NetworkInterfaceId=id)


@behaviour
def a_card_described_in_the_launch_is_made():
    subnet = default_subnet()["SubnetId"]
    group = ec2.create_security_group(GroupName=fresh("g"), Description="d")["GroupId"]
    one = launch(
        NetworkInterfaces=[
            {
                "DeviceIndex": 0,
                "SubnetId": subnet,
                "Description": "first",
                "Groups": [group],
                "DeleteOnTermination": False,
            }
        ]
    )
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
    cards = [
        ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
        for _ in (1, 2)
    ]
    one = launch(
        InstanceType="e1.micro",
        NetworkInterfaces=[
            {"NetworkInterfaceId": cards[0], "DeviceIndex": 0},
            {"NetworkInterfaceId": cards[1], "DeviceIndex": 1},
        ],
    )
    equal(
        cards, [c["NetworkInterfaceId"] for c in instance(one["InstanceId"])["NetworkInterfaces"]]
    )
    end(one["InstanceId"])
    for card in cards:
        ec2.delete_network_interface(NetworkInterfaceId=card)


@behaviour
def cards_of_a_launch_are_checked():
    one = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "InstanceType": "e1.nano"}
    subnet = default_subnet()["SubnetId"]
    refused(
        "InvalidParameterCombination",
        ec2.run_instances,
        SubnetId=subnet,
        NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet}],
        **one
    )
    refused(
        "InvalidParameterCombination",
        ec2.run_instances,
        SecurityGroupIds=["sg-0123456789abcdef0"],
        NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet}],
        **one
    )
    refused(
        "InvalidNetworkInterfaceID.NotFound",
        ec2.run_instances,
        NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": "eni-0123456789abcdef0"}],
        **one
    )
    card = ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"]["NetworkInterfaceId"]
    refused(
        "InvalidParameterCombination",
        ec2.run_instances,
        **one,
        NetworkInterfaces=[
            {"DeviceIndex": 0, "NetworkInterfaceId": card, "DeleteOnTermination": True}
        ]
    )
    ec2.delete_network_interface(NetworkInterfaceId=card)


@behaviour
def a_public_address_comes_when_asked_for():
    subnet = default_subnet()["SubnetId"]
    one = launch(
        NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": True}]
    )
    shown = instance(one["InstanceId"])
    assert shown["PublicIpAddress"], shown
    association = shown["NetworkInterfaces"][0]["Association"]
    equal(shown["PublicIpAddress"], association["PublicIp"])
    equal("amazon", association["IpOwnerId"])
    found = ec2.describe_instances(Filters=having("ip-address", shown["PublicIpAddress"]))[
        "Reservations"
    ]
    equal(1, len(found))
    equal(
        [],
        [
            a
            for a in ec2.describe_addresses()["Addresses"]
            if a["PublicIp"] == shown["PublicIpAddress"]
        ],
    )
    end(one["InstanceId"])
    assert "PublicIpAddress" not in instance(one["InstanceId"])


@behaviour
def a_public_address_is_left_out_when_not_wanted():
    subnet = default_subnet()["SubnetId"]
    one = launch(
        NetworkInterfaces=[
            {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": False}
        ]
    )
    assert "PublicIpAddress" not in instance(one["InstanceId"])
    end(one["InstanceId"])


@behaviour
def a_subnet_says_whether_instances_get_public_addresses():
    equal(True, default_subnet()["MapPublicIpOnLaunch"])
    usual = launch()["InstanceId"]
    assert instance(usual)["PublicIpAddress"]
    end(usual)
    with Network() as n:
        one = launch(SubnetId=n.subnet)
        assert "PublicIpAddress" not in instance(one["InstanceId"])
        ec2.modify_subnet_attribute(SubnetId=n.subnet, MapPublicIpOnLaunch={"Value": True})
        other = launch(SubnetId=n.subnet)
        assert instance(other["InstanceId"])["PublicIpAddress"]
        end(one["InstanceId"], other["InstanceId"])


@behaviour
def an_older_card_that_is_attached_later_is_not_the_first():
    group = ec2.create_security_group(GroupName=fresh("g"), Description="d")["GroupId"]
    subnet = default_subnet()["SubnetId"]
    older = ec2.create_network_interface(SubnetId=subnet, Groups=[group])["NetworkInterface"]
    id = launch("running", SubnetId=subnet)["InstanceId"]
    before = instance(id)
    ec2.attach_network_interface(
        NetworkInterfaceId=older["NetworkInterfaceId"], InstanceId=id, DeviceIndex=1
    )
    after = instance(id)
    equal(before["SecurityGroups"], after["SecurityGroups"])
    equal(before["PrivateIpAddress"], after["PrivateIpAddress"])
    equal([0, 1], [c["Attachment"]["DeviceIndex"] for c in after["NetworkInterfaces"]])
    end(id)
    ec2.delete_network_interface(NetworkInterfaceId=older["NetworkInterfaceId"])
    ec2.delete_security_group(GroupId=group)
