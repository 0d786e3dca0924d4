# Network interfaces and Elastic IP addresses.
from table import *


def card(subnet, **more):
    return ec2.create_network_interface(SubnetId=subnet, **more)["NetworkInterface"]


def shown(id):
    return ec2.describe_network_interfaces(NetworkInterfaceIds=[id])["NetworkInterfaces"][0]


@behaviour
def a_card_is_made_in_its_subnet():
    with Network() as n:
        made = card(
            n.subnet,
            Description="of a test",
            PrivateIpAddress="10.50.1.40",
            TagSpecifications=tagged("network-interface", a="b"),
        )
        id = made["NetworkInterfaceId"]
        equal(
            ("10.50.1.40", "of a test", "pending", n.vpc, n.subnet, True, "interface"),
            tuple(
                made[k]
                for k in (
                    "PrivateIpAddress",
                    "Description",
                    "Status",
                    "VpcId",
                    "SubnetId",
                    "SourceDestCheck",
                    "InterfaceType",
                )
            ),
        )
        equal("default", made["Groups"][0]["GroupName"])
        equal([{"Key": "a", "Value": "b"}], made["TagSet"])
        equal(
            [(True, "10.50.1.40")],
            [(a["Primary"], a["PrivateIpAddress"]) for a in made["PrivateIpAddresses"]],
        )
        for name in ("MacAddress", "OwnerId", "AvailabilityZone", "PrivateDnsName"):
            assert made[name], name
        equal(False, made["RequesterManaged"])
        equal("available", shown(id)["Status"])
        refused(
            "InvalidIPAddress.InUse",
            ec2.create_network_interface,
            SubnetId=n.subnet,
            PrivateIpAddress="10.50.1.40",
        )
        refused(
            "InvalidParameterValue",
            ec2.create_network_interface,
            SubnetId=n.subnet,
            PrivateIpAddress="10.51.1.40",
        )
        ec2.delete_network_interface(NetworkInterfaceId=id)
        message = refused(
            "InvalidNetworkInterfaceID.NotFound",
            ec2.describe_network_interfaces,
            NetworkInterfaceIds=[id],
        )
        equal(f"The networkInterface ID '{id}' does not exist", message)
        refused(
            "InvalidNetworkInterfaceID.NotFound",
            ec2.delete_network_interface,
            NetworkInterfaceId=id,
        )
    refused(
        "InvalidSubnetID.NotFound",
        ec2.create_network_interface,
        SubnetId="subnet-0123456789abcdef0",
    )
    refused("MissingParameter", ec2.create_network_interface)
    refused(
        "InvalidGroup.NotFound",
        ec2.create_network_interface,
        SubnetId=default_subnet()["SubnetId"],
        Groups=["sg-0123456789abcdef0"],
    )
    refused(
        "DryRunOperation",
        ec2.create_network_interface,
        SubnetId=default_subnet()["SubnetId"],
        DryRun=True,
    )


@behaviour
def a_card_has_more_addresses():
    with Network() as n:
        made = card(n.subnet, SecondaryPrivateIpAddressCount=2)
        id = made["NetworkInterfaceId"]
        equal(3, len(made["PrivateIpAddresses"]))
        ec2.assign_private_ip_addresses(NetworkInterfaceId=id, PrivateIpAddresses=["10.50.1.200"])
        assigned = ec2.assign_private_ip_addresses(
            NetworkInterfaceId=id, SecondaryPrivateIpAddressCount=1
        )
        equal(1, len(assigned["AssignedPrivateIpAddresses"]))
        addresses = [a["PrivateIpAddress"] for a in shown(id)["PrivateIpAddresses"]]
        equal(5, len(addresses))
        assert "10.50.1.200" in addresses
        ec2.unassign_private_ip_addresses(NetworkInterfaceId=id, PrivateIpAddresses=["10.50.1.200"])
        equal(4, len(shown(id)["PrivateIpAddresses"]))
        refused(
            "InvalidParameterValue",
            ec2.unassign_private_ip_addresses,
            NetworkInterfaceId=id,
            PrivateIpAddresses=[made["PrivateIpAddress"]],
        )
        refused(
            "InvalidParameterValue",
            ec2.unassign_private_ip_addresses,
            NetworkInterfaceId=id,
            PrivateIpAddresses=["10.50.1.200"],
        )
        other = card(
            n.subnet,
            PrivateIpAddresses=[
                {"PrivateIpAddress": "10.50.1.90", "Primary": True},
                {"PrivateIpAddress": "10.50.1.91", "Primary": False},
            ],
        )
        equal("10.50.1.90", other["PrivateIpAddress"])
        refused(
            "InvalidParameterValue",
            ec2.assign_private_ip_addresses,
            NetworkInterfaceId=id,
            PrivateIpAddresses=["10.50.1.91"],
        )
        ec2.assign_private_ip_addresses(
            NetworkInterfaceId=id, PrivateIpAddresses=["10.50.1.91"], AllowReassignment=True
        )
        for one in (id, other["NetworkInterfaceId"]):
            ec2.delete_network_interface(NetworkInterfaceId=one)


@behaviour
def a_card_is_attached_and_detached():
    id, subnet = running(), instance(running())["SubnetId"]
    made = card(subnet)["NetworkInterfaceId"]
    refused(
        "InvalidParameterValue",
        ec2.attach_network_interface,
        NetworkInterfaceId=made,
        InstanceId=id,
        DeviceIndex=0,
    )
    attachment = ec2.attach_network_interface(
        NetworkInterfaceId=made, InstanceId=id, DeviceIndex=1
    )["AttachmentId"]
    one = shown(made)
    equal(
        ("in-use", id, 1, "attached", False),
        (
            one["Status"],
            one["Attachment"]["InstanceId"],
            one["Attachment"]["DeviceIndex"],
            one["Attachment"]["Status"],
            one["Attachment"]["DeleteOnTermination"],
        ),
    )
    equal(2, len(instance(id)["NetworkInterfaces"]))
    refused(
        "InvalidParameterValue", ec2.delete_network_interface, "in use", NetworkInterfaceId=made
    )
    refused(
        "InvalidNetworkInterface.InUse",
        ec2.attach_network_interface,
        NetworkInterfaceId=made,
        InstanceId=id,
        DeviceIndex=2,
    )
    refused(
        "InvalidInstanceID", ec2.describe_instance_attribute, InstanceId=id, Attribute="groupSet"
    )
    refused(
        "InvalidInstanceID",
        ec2.modify_instance_attribute,
        InstanceId=id,
        SourceDestCheck={"Value": False},
    )
    ec2.modify_network_interface_attribute(
        NetworkInterfaceId=made,
        Attachment={"AttachmentId": attachment, "DeleteOnTermination": True},
    )
    equal(True, shown(made)["Attachment"]["DeleteOnTermination"])
    ec2.detach_network_interface(AttachmentId=attachment)
    equal("available", shown(made)["Status"])
    refused("InvalidAttachmentID.NotFound", ec2.detach_network_interface, AttachmentId=attachment)
    first = instance(id)["NetworkInterfaces"][0]["Attachment"]["AttachmentId"]
    refused("OperationNotPermitted", ec2.detach_network_interface, AttachmentId=first)
    ec2.delete_network_interface(NetworkInterfaceId=made)
    refused(
        "InvalidNetworkInterfaceID.NotFound",
        ec2.attach_network_interface,
        NetworkInterfaceId="eni-0123456789abcdef0",
        InstanceId=id,
        DeviceIndex=1,
    )


@behaviour
def attributes_of_cards_are_changed_and_reset():
    with Network() as n:
        made = card(n.subnet)
        id = made["NetworkInterfaceId"]
        group = ec2.create_security_group(GroupName="of-card", Description="d", VpcId=n.vpc)[
            "GroupId"
        ]
        ec2.modify_network_interface_attribute(NetworkInterfaceId=id, Description={"Value": "new"})
        ec2.modify_network_interface_attribute(
            NetworkInterfaceId=id, SourceDestCheck={"Value": False}
        )
        ec2.modify_network_interface_attribute(NetworkInterfaceId=id, Groups=[group])
        equal(
            "new",
            ec2.describe_network_interface_attribute(
                NetworkInterfaceId=id, Attribute="description"
            )["Description"]["Value"],
        )
        equal(
            False,
            ec2.describe_network_interface_attribute(
                NetworkInterfaceId=id, Attribute="sourceDestCheck"
            )["SourceDestCheck"]["Value"],
        )
        equal(
            group,
            ec2.describe_network_interface_attribute(NetworkInterfaceId=id, Attribute="groupSet")[
                "Groups"
            ][0]["GroupId"],
        )
        ec2.reset_network_interface_attribute(NetworkInterfaceId=id, SourceDestCheck="true")
        equal(True, shown(id)["SourceDestCheck"])
        refused(
            "InvalidParameterCombination",
            ec2.modify_network_interface_attribute,
            NetworkInterfaceId=id,
        )
        refused(
            "InvalidParameterCombination",
            ec2.modify_network_interface_attribute,
            NetworkInterfaceId=id,
            Description={"Value": "x"},
            SourceDestCheck={"Value": True},
        )
        refused("DependencyViolation", ec2.delete_security_group, GroupId=group)
        ec2.delete_network_interface(NetworkInterfaceId=id)
        ec2.delete_security_group(GroupId=group)


@behaviour
def filters_of_cards_select():
    with Network() as n:
        made = card(
            n.subnet,
            Description="find me",
            TagSpecifications=tagged("network-interface", kind="filter"),
        )
        id = made["NetworkInterfaceId"]
        wanted = {
            "network-interface-id": id,
            "subnet-id": n.subnet,
            "vpc-id": n.vpc,
            "private-ip-address": made["PrivateIpAddress"],
            "addresses.private-ip-address": made["PrivateIpAddress"],
            "addresses.primary": "true",
            "status": "available",
            "description": "find me",
            "group-id": made["Groups"][0]["GroupId"],
            "group-name": "default",
            "mac-address": made["MacAddress"],
            "owner-id": made["OwnerId"],
            "availability-zone": made["AvailabilityZone"],
            "source-dest-check": "true",
            "tag:kind": "filter",
            "tag-key": "kind",
            "requester-managed": "false",
            "private-dns-name": made["PrivateDnsName"],
            "interface-type": "interface",
        }

        def found(name, value):
            got = ec2.describe_network_interfaces(Filters=having(name, value))["NetworkInterfaces"]
            return id in [c["NetworkInterfaceId"] for c in got]

        equal([], [k for k, v in wanted.items() if not found(k, v)])
        equal([], [k for k in wanted if found(k, "nothing-is-like-it")])
        ec2.delete_network_interface(NetworkInterfaceId=id)
    one = launch()["InstanceId"]
    cards = ec2.describe_network_interfaces(Filters=having("attachment.instance-id", one))[
        "NetworkInterfaces"
    ]
    equal(1, len(cards))
    end(one)


@behaviour
def an_address_is_allocated_and_released():
    made = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", a="b"))
    equal("vpc", made["Domain"])
    id, ip = made["AllocationId"], made["PublicIp"]
    assert made["PublicIpv4Pool"] and made["NetworkBorderGroup"]
    shown = ec2.describe_addresses(AllocationIds=[id])["Addresses"][0]
    equal((ip, "vpc", {"a": "b"}), (shown["PublicIp"], shown["Domain"], tags_of(shown)))
    for name in ("InstanceId", "AssociationId", "NetworkInterfaceId", "PrivateIpAddress"):
        assert not shown.get(name), name
    equal(id, ec2.describe_addresses(PublicIps=[ip])["Addresses"][0]["AllocationId"])
    equal(1, len(ec2.describe_addresses(Filters=having("public-ip", ip))["Addresses"]))
    equal(
        1,
        len(
            ec2.describe_addresses(Filters=having("allocation-id", id) + having("domain", "vpc"))[
                "Addresses"
            ]
        ),
    )
    refused("InvalidParameterCombination", ec2.release_address, AllocationId=id, PublicIp=ip)
    refused("InvalidParameterValue", ec2.release_address, PublicIp=ip)
    ec2.release_address(AllocationId=id)
    message = refused("InvalidAllocationID.NotFound", ec2.release_address, AllocationId=id)
    equal(f"The allocation ID '{id}' does not exist", message)
    message = refused("InvalidAllocationID.NotFound", ec2.describe_addresses, AllocationIds=[id])
    message = refused(
        "InvalidAddress.NotFound", ec2.describe_addresses, PublicIps=["198.51.100.77"]
    )
    equal("Address '198.51.100.77' not found.", message)
    refused("MissingParameter", ec2.release_address)
    refused("InvalidParameterValue", ec2.describe_addresses, PublicIps=["nonsense"])
    refused("InvalidParameterValue", ec2.allocate_address, Domain="nonsense")
    refused("DryRunOperation", ec2.allocate_address, Domain="vpc", DryRun=True)


@behaviour
def an_address_goes_to_an_instance_and_away():
    id = running()
    address = ec2.allocate_address(Domain="vpc")
    made = ec2.associate_address(InstanceId=id, AllocationId=address["AllocationId"])[
        "AssociationId"
    ]
    shown = ec2.describe_addresses(AllocationIds=[address["AllocationId"]])["Addresses"][0]
    one = instance(id)
    equal(
        (id, made, one["PrivateIpAddress"], one["NetworkInterfaces"][0]["NetworkInterfaceId"]),
        tuple(
            shown[k]
            for k in ("InstanceId", "AssociationId", "PrivateIpAddress", "NetworkInterfaceId")
        ),
    )
    equal(address["PublicIp"], one["PublicIpAddress"])
    equal(address["PublicIp"], one["NetworkInterfaces"][0]["Association"]["PublicIp"])
    equal(
        one["OwnerId"] if "OwnerId" in one else shown["NetworkInterfaceOwnerId"],
        shown["NetworkInterfaceOwnerId"],
    )
    equal(1, len(ec2.describe_addresses(Filters=having("instance-id", id))["Addresses"]))
    equal(1, len(ec2.describe_addresses(Filters=having("association-id", made))["Addresses"]))
    refused("InvalidIPAddress.InUse", ec2.release_address, AllocationId=address["AllocationId"])
    second = ec2.allocate_address(Domain="vpc")
    equal(
        made,
        ec2.associate_address(
            InstanceId=id, AllocationId=address["AllocationId"], AllowReassociation=True
        )["AssociationId"],
    )
    again = ec2.associate_address(
        InstanceId=id, AllocationId=second["AllocationId"], AllowReassociation=True
    )["AssociationId"]
    equal(second["PublicIp"], instance(id)["PublicIpAddress"])
    assert not ec2.describe_addresses(AllocationIds=[address["AllocationId"]])["Addresses"][0].get(
        "AssociationId"
    )
    ec2.disassociate_address(AssociationId=again)
    refused("InvalidAssociationID.NotFound", ec2.disassociate_address, AssociationId=again)
    for one in (address, second):
        ec2.release_address(AllocationId=one["AllocationId"])


@behaviour
def an_address_in_use_moves_only_when_allowed():
    with_cards = [card(default_subnet()["SubnetId"])["NetworkInterfaceId"] for _ in (1, 2)]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=address, NetworkInterfaceId=with_cards[0])
    refused(
        "Resource.AlreadyAssociated",
        ec2.associate_address,
        AllocationId=address,
        NetworkInterfaceId=with_cards[1],
        AllowReassociation=False,
    )
    ec2.associate_address(
        AllocationId=address, NetworkInterfaceId=with_cards[1], AllowReassociation=True
    )
    equal(
        with_cards[1],
        ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]["NetworkInterfaceId"],
    )
    refused(
        "InvalidInstanceID.NotFound",
        ec2.associate_address,
        AllocationId=address,
        InstanceId="i-0123456789abcdef0",
    )
    refused(
        "InvalidAllocationID.NotFound",
        ec2.associate_address,
        AllocationId="eipalloc-0123456789abcdef0",
        InstanceId=running(),
    )
    refused(
        "InvalidNetworkInterfaceID.NotFound",
        ec2.associate_address,
        AllocationId=address,
        NetworkInterfaceId="eni-0123456789abcdef0",
    )
    refused("MissingParameter", ec2.associate_address, AllocationId=address)
    refused("MissingParameter", ec2.associate_address, InstanceId=running())
    association = ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]["AssociationId"]
    ec2.disassociate_address(AssociationId=association)
    ec2.release_address(AllocationId=address)
    for one in with_cards:
        ec2.delete_network_interface(NetworkInterfaceId=one)


@behaviour
def an_address_needs_a_way_out():
    with Network() as n:
        made = card(n.subnet)["NetworkInterfaceId"]
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        refused(
            "Gateway.NotAttached",
            ec2.associate_address,
            AllocationId=address,
            NetworkInterfaceId=made,
        )
        ec2.release_address(AllocationId=address)
        ec2.delete_network_interface(NetworkInterfaceId=made)
