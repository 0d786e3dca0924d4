# VPCs and subnets.
from table import *


@behaviour
def every_region_has_a_default_network():
    vpc = ec2.describe_vpcs(VpcIds=[default_vpc()])["Vpcs"][0]
    equal(
        ("172.31.0.0/16", "available", "default", True),
        tuple(vpc[k] for k in ("CidrBlock", "State", "InstanceTenancy", "IsDefault")),
    )
    subnets = ec2.describe_subnets(
        Filters=having("vpc-id", vpc["VpcId"]) + having("default-for-az", "true")
    )["Subnets"]
    zones = {z["ZoneName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]}
    equal(zones, {s["AvailabilityZone"] for s in subnets})
    for subnet in subnets:
        assert subnet["CidrBlock"].endswith("/20")
        equal(True, subnet["MapPublicIpOnLaunch"])
    gateways = ec2.describe_internet_gateways(Filters=having("attachment.vpc-id", vpc["VpcId"]))[
        "InternetGateways"
    ]
    equal(1, len(gateways))
    tables = ec2.describe_route_tables(
        Filters=having("vpc-id", vpc["VpcId"]) + having("association.main", "true")
    )
    routes = {
        r["DestinationCidrBlock"]: r.get("GatewayId") for r in tables["RouteTables"][0]["Routes"]
    }
    equal(gateways[0]["InternetGatewayId"], routes["0.0.0.0/0"])
    equal("local", routes["172.31.0.0/16"])


@behaviour
def a_network_is_made_with_all_it_needs():
    made = ec2.create_vpc(CidrBlock="10.60.0.0/16", TagSpecifications=tagged("vpc", Name="n"))[
        "Vpc"
    ]
    id = made["VpcId"]
    equal(
        ("pending", False, "default", "10.60.0.0/16"),
        tuple(made[k] for k in ("State", "IsDefault", "InstanceTenancy", "CidrBlock")),
    )
    equal({"Name": "n"}, tags_of(made))
    assert made["DhcpOptionsId"]
    association = made["CidrBlockAssociationSet"][0]
    equal(
        ("10.60.0.0/16", "associated"),
        (association["CidrBlock"], association["CidrBlockState"]["State"]),
    )
    equal([], made.get("Ipv6CidrBlockAssociationSet", []))
    equal("available", ec2.describe_vpcs(VpcIds=[id])["Vpcs"][0]["State"])
    mine = having("vpc-id", id)
    equal(1, len(ec2.describe_route_tables(Filters=mine)["RouteTables"]))
    equal(1, len(ec2.describe_network_acls(Filters=mine)["NetworkAcls"]))
    equal(1, len(ec2.describe_security_groups(Filters=mine)["SecurityGroups"]))
    equal([], ec2.describe_subnets(Filters=mine)["Subnets"])
    ec2.delete_vpc(VpcId=id)
    message = refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=[id])
    equal(f"The vpc ID '{id}' does not exist", message)
    refused("InvalidVpcID.NotFound", ec2.delete_vpc, VpcId=id)
    for call, found in (
        (ec2.describe_route_tables, "RouteTables"),
        (ec2.describe_security_groups, "SecurityGroups"),
        (ec2.describe_network_acls, "NetworkAcls"),
    ):
        equal([], call(Filters=mine)[found])


@behaviour
def blocks_of_networks_are_checked():
    for block in ("10.0.0.0/15", "10.0.0.0/29"):
        message = refused("InvalidVpc.Range", ec2.create_vpc, CidrBlock=block)
        equal(f"The CIDR '{block}' is invalid.", message)
    message = refused("InvalidParameterValue", ec2.create_vpc, CidrBlock="10.0.0.300/16")
    equal(
        "Value (10.0.0.300/16) for parameter cidrBlock is invalid. This is not a valid CIDR block.",
        message,
    )
    refused("InvalidParameterValue", ec2.create_vpc, CidrBlock="10.0.0.0")
    refused("MissingParameter", ec2.create_vpc)
    refused(
        "InvalidParameterValue", ec2.create_vpc, CidrBlock="10.0.0.0/16", InstanceTenancy="shared"
    )
    refused("DryRunOperation", ec2.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
    refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=["vpc-12345678"])
    made = ec2.create_vpc(CidrBlock="10.61.7.9/16")["Vpc"]
    equal("10.61.0.0/16", made["CidrBlock"])
    ec2.delete_vpc(VpcId=made["VpcId"])


@behaviour
def a_network_that_is_used_stays():
    with Network() as n:
        message = refused("DependencyViolation", ec2.delete_vpc, VpcId=n.vpc)
        equal(f"The vpc '{n.vpc}' has dependencies and cannot be deleted.", message)
    vpc = ec2.create_vpc(CidrBlock="10.62.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="own", Description="d", VpcId=vpc)["GroupId"]
    refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)
    ec2.delete_security_group(GroupId=group)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.delete_vpc(VpcId=vpc)


@behaviour
def attributes_of_networks_change_one_at_a_time():
    with Network() as n:

        def value(name):
            return ec2.describe_vpc_attribute(VpcId=n.vpc, Attribute=name)[
                name[0].upper() + name[1:]
            ]["Value"]

        equal((True, False), (value("enableDnsSupport"), value("enableDnsHostnames")))
        ec2.modify_vpc_attribute(VpcId=n.vpc, EnableDnsHostnames={"Value": True})
        equal(True, value("enableDnsHostnames"))
        ec2.modify_vpc_attribute(VpcId=n.vpc, EnableDnsSupport={"Value": False})
        equal(False, value("enableDnsSupport"))
        equal(False, value("enableNetworkAddressUsageMetrics"))
        refused(
            "InvalidParameterCombination",
            ec2.modify_vpc_attribute,
            VpcId=n.vpc,
            EnableDnsSupport={"Value": True},
            EnableDnsHostnames={"Value": True},
        )
        refused(
            "InvalidVpcID.NotFound",
            ec2.describe_vpc_attribute,
            VpcId="vpc-0123456789abcdef0",
            Attribute="enableDnsSupport",
        )
        refused(
            "InvalidParameterValue", ec2.describe_vpc_attribute, VpcId=n.vpc, Attribute="nonsense"
        )


@behaviour
def filters_of_networks_select():
    made = ec2.create_vpc(CidrBlock="10.63.0.0/16", TagSpecifications=tagged("vpc", kind="filter"))[
        "Vpc"
    ]
    id = made["VpcId"]
    wanted = {
        "vpc-id": id,
        "cidr": "10.63.0.0/16",
        "cidr-block-association.cidr-block": "10.63.0.0/16",
        "state": "available",
        "is-default": "false",
        "isDefault": "false",
        "dhcp-options-id": made["DhcpOptionsId"],
        "owner-id": made["OwnerId"],
        "tag:kind": "filter",
        "tag-key": "kind",
        "tag-value": "filter",
        "cidr-block-association.state": "associated",
    }

    def found(name, value):
        return id in [v["VpcId"] for v in ec2.describe_vpcs(Filters=having(name, value))["Vpcs"]]

    equal([], [n for n, v in wanted.items() if not found(n, v)])
    equal([], [n for n in wanted if found(n, "nothing-is-like-it")])
    refused("InvalidParameterValue", ec2.describe_vpcs, Filters=having("nonsense", "x"))
    refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=[id, "vpc-0123456789abcdef0"])
    ec2.delete_vpc(VpcId=id)


@behaviour
def a_default_network_is_made_once():
    refused("DefaultVpcAlreadyExists", ec2.create_default_vpc)


@behaviour
def a_subnet_is_made_in_its_zone():
    with Network() as n:
        made = ec2.create_subnet(
            VpcId=n.vpc,
            CidrBlock="10.50.2.0/24",
            AvailabilityZone="us-east-1b",
            TagSpecifications=tagged("subnet", a="b"),
        )["Subnet"]
        equal(
            (251, "us-east-1b", False, False, "available", n.vpc),
            tuple(
                made[k]
                for k in (
                    "AvailableIpAddressCount",
                    "AvailabilityZone",
                    "DefaultForAz",
                    "MapPublicIpOnLaunch",
                    "State",
                    "VpcId",
                )
            ),
        )
        equal({"a": "b"}, tags_of(made))
        assert made["SubnetArn"].endswith(f":subnet/{made['SubnetId']}"), made["SubnetArn"]
        assert made["AvailabilityZoneId"]
        equal(False, made["AssignIpv6AddressOnCreation"])
        equal([], made.get("Ipv6CidrBlockAssociationSet", []))
        ec2.delete_subnet(SubnetId=made["SubnetId"])
        message = refused(
            "InvalidSubnetID.NotFound", ec2.describe_subnets, SubnetIds=[made["SubnetId"]]
        )
        equal(f"The subnet ID '{made['SubnetId']}' does not exist", message)
        refused("InvalidSubnetID.NotFound", ec2.delete_subnet, SubnetId=made["SubnetId"])


@behaviour
def blocks_of_subnets_are_checked():
    with Network() as n:
        for block in ("10.1.0.0/24", "10.50.0.0/15", "10.50.9.0/29"):
            message = refused(
                "InvalidSubnet.Range", ec2.create_subnet, VpcId=n.vpc, CidrBlock=block
            )
            equal(f"The CIDR '{block}' is invalid.", message)
        message = refused(
            "InvalidSubnet.Conflict", ec2.create_subnet, VpcId=n.vpc, CidrBlock="10.50.1.128/25"
        )
        equal("The CIDR '10.50.1.128/25' conflicts with another subnet", message)
        refused("InvalidParameterValue", ec2.create_subnet, VpcId=n.vpc, CidrBlock="nonsense")
        refused("MissingParameter", ec2.create_subnet, VpcId=n.vpc)
        refused(
            "InvalidVpcID.NotFound",
            ec2.create_subnet,
            VpcId="vpc-0123456789abcdef0",
            CidrBlock="10.50.2.0/24",
        )
        message = refused(
            "InvalidParameterValue",
            ec2.create_subnet,
            VpcId=n.vpc,
            CidrBlock="10.50.2.0/24",
            AvailabilityZone="asfasfas",
        )
        assert message.startswith(
            "Value (asfasfas) for parameter availabilityZone is invalid. Subnets can currently only"
            " be created in the following availability zones: "
        ), message
        refused(
            "DryRunOperation", ec2.create_subnet, VpcId=n.vpc, CidrBlock="10.50.2.0/24", DryRun=True
        )


@behaviour
def addresses_of_a_subnet_are_counted():
    with Network(subnet="10.50.1.0/28") as n:

        def free():
            return ec2.describe_subnets(SubnetIds=[n.subnet])["Subnets"][0][
                "AvailableIpAddressCount"
            ]

        equal(11, free())
        cards = [
            ec2.create_network_interface(SubnetId=n.subnet)["NetworkInterface"][
                "NetworkInterfaceId"
            ]
            for _ in range(11)
        ]
        equal(0, free())
        refused(
            "InsufficientFreeAddressesInSubnet", ec2.create_network_interface, SubnetId=n.subnet
        )
        message = refused("DependencyViolation", ec2.delete_subnet, SubnetId=n.subnet)
        equal(f"The subnet '{n.subnet}' has dependencies and cannot be deleted.", message)
        for card in cards:
            ec2.delete_network_interface(NetworkInterfaceId=card)
        equal(11, free())


@behaviour
def attributes_of_subnets_change():
    with Network() as n:
        ec2.modify_subnet_attribute(SubnetId=n.subnet, MapPublicIpOnLaunch={"Value": True})
        equal(True, ec2.describe_subnets(SubnetIds=[n.subnet])["Subnets"][0]["MapPublicIpOnLaunch"])
        refused(
            "InvalidSubnetID.NotFound",
            ec2.modify_subnet_attribute,
            SubnetId="subnet-0123456789abcdef0",
            MapPublicIpOnLaunch={"Value": True},
        )


@behaviour
def filters_of_subnets_select():
    with Network() as n:
        ec2.create_tags(Resources=[n.subnet], Tags=[{"Key": "kind", "Value": "filter"}])
        one = ec2.describe_subnets(SubnetIds=[n.subnet])["Subnets"][0]
        wanted = {
            "subnet-id": n.subnet,
            "vpc-id": n.vpc,
            "cidr-block": "10.50.1.0/24",
            "cidr": "10.50.1.0/24",
            "cidrBlock": "10.50.1.0/24",
            "availability-zone": one["AvailabilityZone"],
            "state": "available",
            "availabilityZone": one["AvailabilityZone"],
            "available-ip-address-count": "251",
            "default-for-az": "false",
            "defaultForAz": "false",
            "tag:kind": "filter",
            "tag-key": "kind",
            "owner-id": one["OwnerId"],
            "subnet-arn": one["SubnetArn"],
            "map-public-ip-on-launch": "false",
        }

        def found(name, value):
            return n.subnet in [
                s["SubnetId"] for s in ec2.describe_subnets(Filters=having(name, value))["Subnets"]
            ]

        equal([], [k for k, v in wanted.items() if not found(k, v)])
        equal([], [k for k in wanted if found(k, "nothing-is-like-it")])
        refused("InvalidParameterValue", ec2.describe_subnets, Filters=having("nonsense", "x"))


@behaviour
def ids_of_networks_that_can_be_none_are_unknown():
    message = refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=["vpc-does_not_exist"])
    equal("The vpc ID 'vpc-does_not_exist' does not exist", message)
    message = refused("InvalidSubnetID.NotFound", ec2.describe_subnets, SubnetIds=["subnet-0"])
    equal("The subnet ID 'subnet-0' does not exist", message)


@behaviour
def a_vpc_has_several_blocks():
    with Network(block="10.60.0.0/16", subnet="10.60.1.0/24") as net:
        first = ec2.describe_vpcs(VpcIds=[net.vpc])["Vpcs"][0]["CidrBlockAssociationSet"]
        equal(1, len(first))
        answer = ec2.associate_vpc_cidr_block(VpcId=net.vpc, CidrBlock="10.61.0.0/20")
        equal(net.vpc, answer["VpcId"])
        made = answer["CidrBlockAssociation"]
        equal("10.61.0.0/20", made["CidrBlock"])
        equal("associating", made["CidrBlockState"]["State"])
        assert made["AssociationId"].startswith("vpc-cidr-assoc-"), made
        shown = ec2.describe_vpcs(VpcIds=[net.vpc])["Vpcs"][0]
        equal("10.60.0.0/16", shown["CidrBlock"])
        equal(
            [("10.60.0.0/16", "associated"), ("10.61.0.0/20", "associated")],
            [(b["CidrBlock"], b["CidrBlockState"]["State"]) for b in shown["CidrBlockAssociationSet"]],
        )
        for name, value in (
            ("cidr-block-association.cidr-block", "10.61.0.0/20"),
            ("cidr-block-association.association-id", made["AssociationId"]),
        ):
            found = ec2.describe_vpcs(Filters=having(name, value) + having("vpc-id", net.vpc))
            equal([net.vpc], [v["VpcId"] for v in found["Vpcs"]])
        equal([], ec2.describe_vpcs(Filters=having("cidr", "10.61.0.0/20"))["Vpcs"])
        tables = ec2.describe_route_tables(Filters=having("vpc-id", net.vpc))["RouteTables"]
        local = [r["DestinationCidrBlock"] for r in tables[0]["Routes"] if r["GatewayId"] == "local"]
        equal(["10.60.0.0/16", "10.61.0.0/20"], sorted(local))
        refused(
            "CidrConflict",
            ec2.associate_vpc_cidr_block,
            VpcId=net.vpc,
            CidrBlock="10.60.128.0/20",
        )
        refused("InvalidVpc.Range", ec2.associate_vpc_cidr_block, VpcId=net.vpc, CidrBlock="11.0.0.0/8")
        subnet = ec2.create_subnet(VpcId=net.vpc, CidrBlock="10.61.1.0/24")["Subnet"]["SubnetId"]
        refused("InvalidSubnet.Range", ec2.create_subnet, VpcId=net.vpc, CidrBlock="10.62.1.0/24")
        refused(
            "InvalidCidrBlock.InUse",
            ec2.disassociate_vpc_cidr_block,
            AssociationId=made["AssociationId"],
        )
        ec2.delete_subnet(SubnetId=subnet)
        gone = ec2.disassociate_vpc_cidr_block(AssociationId=made["AssociationId"])
        equal("disassociating", gone["CidrBlockAssociation"]["CidrBlockState"]["State"])
        refused(
            "InvalidVpcCidrBlockAssociationID.NotFound",
            ec2.disassociate_vpc_cidr_block,
            AssociationId=made["AssociationId"],
        )
        refused(
            "OperationNotPermitted",
            ec2.disassociate_vpc_cidr_block,
            AssociationId=first[0]["AssociationId"],
        )
        for number in range(4):
            ec2.associate_vpc_cidr_block(VpcId=net.vpc, CidrBlock=f"10.{70 + number}.0.0/16")
        refused(
            "CidrLimitExceeded", ec2.associate_vpc_cidr_block, VpcId=net.vpc, CidrBlock="10.80.0.0/16"
        )


@behaviour
def no_network_is_linked_to_ec2_classic():
    vpc = default_vpc()
    shown = ec2.describe_vpc_classic_link(VpcIds=[vpc])["Vpcs"]
    equal([(vpc, False)], [(one["VpcId"], one["ClassicLinkEnabled"]) for one in shown])
    equal(
        [],
        ec2.describe_vpc_classic_link(Filters=having("is-classic-link-enabled", "true"))["Vpcs"],
    )
    names = ec2.describe_vpc_classic_link_dns_support(VpcIds=[vpc])["Vpcs"]
    equal([(vpc, False)], [(one["VpcId"], one["ClassicLinkDnsSupported"]) for one in names])
    refused(
        "InvalidVpcID.NotFound", ec2.describe_vpc_classic_link, VpcIds=["vpc-0123456789abcdef0"]
    )
