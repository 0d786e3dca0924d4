# Route tables, internet gateways.
from table import *


def table_of(vpc, main=True):
    found = ec2.describe_route_tables(
        Filters=having("vpc-id", vpc) + having("association.main", "true" if main else "false")
    )
    return found["RouteTables"][0]


def routes(id):
    return ec2.describe_route_tables(RouteTableIds=[id])["RouteTables"][0]["Routes"]


class Gateway:
    def __init__(self, vpc):
        self.vpc = vpc

    def __enter__(self):
        self.id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=self.id, VpcId=self.vpc)
        return self.id

    def __exit__(self, kind, error, trace):
        if not kind:
            ec2.detach_internet_gateway(InternetGatewayId=self.id, VpcId=self.vpc)
            ec2.delete_internet_gateway(InternetGatewayId=self.id)


@behaviour
def a_table_is_made_with_the_local_route():
    with Network() as n:
        made = ec2.create_route_table(VpcId=n.vpc, TagSpecifications=tagged("route-table", a="b"))[
            "RouteTable"
        ]
        equal(
            [
                {
                    "DestinationCidrBlock": "10.50.0.0/16",
                    "GatewayId": "local",
                    "Origin": "CreateRouteTable",
                    "State": "active",
                }
            ],
            made["Routes"],
        )
        equal({"a": "b"}, tags_of(made))
        equal([], made.get("Associations", []))
        id = made["RouteTableId"]
        ec2.delete_route_table(RouteTableId=id)
        message = refused(
            "InvalidRouteTableID.NotFound", ec2.describe_route_tables, RouteTableIds=[id]
        )
        equal(f"The routeTable ID '{id}' does not exist", message)
        refused("InvalidRouteTableID.NotFound", ec2.delete_route_table, RouteTableId=id)
        refused("InvalidVpcID.NotFound", ec2.create_route_table, VpcId="vpc-0123456789abcdef0")
        refused("DryRunOperation", ec2.create_route_table, VpcId=n.vpc, DryRun=True)
        refused(
            "DependencyViolation",
            ec2.delete_route_table,
            RouteTableId=table_of(n.vpc)["RouteTableId"],
        )


@behaviour
def routes_are_made_replaced_and_deleted():
    with Network() as n, Gateway(n.vpc) as gateway:
        id = ec2.create_route_table(VpcId=n.vpc)["RouteTable"]["RouteTableId"]
        equal(
            True,
            ec2.create_route(RouteTableId=id, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)[
                "Return"
            ],
        )
        shown = next(r for r in routes(id) if r["DestinationCidrBlock"] == "0.0.0.0/0")
        equal(
            (gateway, "active", "CreateRoute"),
            (shown["GatewayId"], shown["State"], shown["Origin"]),
        )
        message = refused(
            "RouteAlreadyExists",
            ec2.create_route,
            RouteTableId=id,
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway,
        )
        equal("The route identified by 0.0.0.0/0 already exists.", message)
        card = ec2.create_network_interface(SubnetId=n.subnet)["NetworkInterface"][
            "NetworkInterfaceId"
        ]
        ec2.replace_route(
            RouteTableId=id, DestinationCidrBlock="0.0.0.0/0", NetworkInterfaceId=card
        )
        shown = next(r for r in routes(id) if r["DestinationCidrBlock"] == "0.0.0.0/0")
        equal((card, "blackhole"), (shown["NetworkInterfaceId"], shown["State"]))
        refused(
            "InvalidParameterValue",
            ec2.replace_route,
            RouteTableId=id,
            DestinationCidrBlock="10.9.0.0/16",
            GatewayId=gateway,
        )
        ec2.delete_route(RouteTableId=id, DestinationCidrBlock="0.0.0.0/0")
        message = refused(
            "InvalidRoute.NotFound",
            ec2.delete_route,
            RouteTableId=id,
            DestinationCidrBlock="0.0.0.0/0",
        )
        equal(f"no route with destination-cidr-block 0.0.0.0/0 in route table {id}", message)
        refused(
            "InvalidParameterValue",
            ec2.delete_route,
            RouteTableId=id,
            DestinationCidrBlock="10.50.0.0/16",
        )
        ec2.delete_network_interface(NetworkInterfaceId=card)
        ec2.delete_route_table(RouteTableId=id)


@behaviour
def routes_are_checked():
    with Network() as n:
        id = table_of(n.vpc)["RouteTableId"]
        to = {"RouteTableId": id, "DestinationCidrBlock": "0.0.0.0/0"}
        refused(
            "InvalidInternetGatewayID.NotFound",
            ec2.create_route,
            GatewayId="igw-0123456789abcdef0",
            **to,
        )
        refused(
            "InvalidNetworkInterfaceID.NotFound",
            ec2.create_route,
            NetworkInterfaceId="eni-0123456789abcdef0",
            **to,
        )
        refused(
            "InvalidInstanceID.NotFound", ec2.create_route, InstanceId="i-0123456789abcdef0", **to
        )
        refused(
            "InvalidRouteTableID.NotFound",
            ec2.create_route,
            RouteTableId="rtb-0123456789abcdef0",
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId="igw-0123456789abcdef0",
        )
        refused("MissingParameter", ec2.create_route, **to)
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        refused(
            "InvalidParameterValue",
            ec2.create_route,
            RouteTableId=id,
            DestinationCidrBlock="nonsense",
            GatewayId=gateway,
        )
        refused("InvalidParameterValue", ec2.create_route, GatewayId=gateway, **to)
        ec2.delete_internet_gateway(InternetGatewayId=gateway)


@behaviour
def a_table_is_associated_with_subnets():
    with Network() as n:
        id = ec2.create_route_table(VpcId=n.vpc)["RouteTable"]["RouteTableId"]
        made = ec2.associate_route_table(RouteTableId=id, SubnetId=n.subnet)
        equal("associated", made["AssociationState"]["State"])
        shown = ec2.describe_route_tables(RouteTableIds=[id])["RouteTables"][0]["Associations"]
        equal(
            (n.subnet, False, made["AssociationId"], id),
            tuple(
                shown[0][k] for k in ("SubnetId", "Main", "RouteTableAssociationId", "RouteTableId")
            ),
        )
        equal(
            made["AssociationId"],
            ec2.associate_route_table(RouteTableId=id, SubnetId=n.subnet)["AssociationId"],
        )
        message = refused("DependencyViolation", ec2.delete_route_table, RouteTableId=id)
        equal(f"The routeTable '{id}' has dependencies and cannot be deleted.", message)
        other = ec2.create_route_table(VpcId=n.vpc)["RouteTable"]["RouteTableId"]
        new = ec2.replace_route_table_association(
            AssociationId=made["AssociationId"], RouteTableId=other
        )["NewAssociationId"]
        assert new != made["AssociationId"]
        for name, value in {
            "association.route-table-association-id": new,
            "association.route-table-id": other,
            "association.subnet-id": n.subnet,
            "route-table-id": other,
        }.items():
            found = ec2.describe_route_tables(Filters=having(name, value))["RouteTables"]
            equal([other], [t["RouteTableId"] for t in found])
        refused(
            "InvalidAssociationID.NotFound",
            ec2.replace_route_table_association,
            AssociationId=made["AssociationId"],
            RouteTableId=id,
        )
        ec2.disassociate_route_table(AssociationId=new)
        refused("InvalidAssociationID.NotFound", ec2.disassociate_route_table, AssociationId=new)
        refused(
            "InvalidSubnetID.NotFound",
            ec2.associate_route_table,
            RouteTableId=id,
            SubnetId="subnet-0123456789abcdef0",
        )
        refused(
            "InvalidRouteTableID.NotFound",
            ec2.associate_route_table,
            RouteTableId="rtb-0123456789abcdef0",
            SubnetId=n.subnet,
        )
        for one in (id, other):
            ec2.delete_route_table(RouteTableId=one)


@behaviour
def the_main_table_can_be_another():
    with Network() as n:
        first = table_of(n.vpc)
        association = first["Associations"][0]
        equal(True, association["Main"])
        assert "SubnetId" not in association
        refused(
            "InvalidParameterValue",
            ec2.disassociate_route_table,
            AssociationId=association["RouteTableAssociationId"],
        )
        other = ec2.create_route_table(VpcId=n.vpc)["RouteTable"]["RouteTableId"]
        new = ec2.replace_route_table_association(
            AssociationId=association["RouteTableAssociationId"], RouteTableId=other
        )["NewAssociationId"]
        equal(other, table_of(n.vpc)["RouteTableId"])
        equal(
            [],
            ec2.describe_route_tables(RouteTableIds=[first["RouteTableId"]])["RouteTables"][0].get(
                "Associations", []
            ),
        )
        refused("DependencyViolation", ec2.delete_route_table, RouteTableId=other)
        ec2.replace_route_table_association(AssociationId=new, RouteTableId=first["RouteTableId"])
        ec2.delete_route_table(RouteTableId=other)


@behaviour
def filters_of_tables_select():
    with Network() as n, Gateway(n.vpc) as gateway:
        id = table_of(n.vpc)["RouteTableId"]
        ec2.create_route(RouteTableId=id, DestinationCidrBlock="10.77.0.0/16", GatewayId=gateway)
        ec2.create_tags(Resources=[id], Tags=[{"Key": "kind", "Value": "filter"}])
        wanted = {
            "route-table-id": id,
            "vpc-id": n.vpc,
            "association.main": "true",
            "route.destination-cidr-block": "10.77.0.0/16",
            "route.gateway-id": gateway,
            "route.origin": "CreateRoute",
            "route.state": "active",
            "tag:kind": "filter",
            "tag-key": "kind",
        }

        def found(name, value):
            return id in [
                t["RouteTableId"]
                for t in ec2.describe_route_tables(Filters=having(name, value))["RouteTables"]
            ]

        equal([], [k for k, v in wanted.items() if not found(k, v)])
        equal([], [k for k in wanted if found(k, "nothing-is-like-it")])
        refused("InvalidParameterValue", ec2.describe_route_tables, Filters=having("nonsense", "x"))
        ec2.delete_route(RouteTableId=id, DestinationCidrBlock="10.77.0.0/16")


@behaviour
def a_gateway_is_made_attached_and_deleted():
    made = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway", kind="filter"))[
        "InternetGateway"
    ]
    id = made["InternetGatewayId"]
    equal([], made["Attachments"])
    equal({"kind": "filter"}, tags_of(made))
    with Network() as n, Network("10.80.0.0/16", "10.80.1.0/24") as other:
        ec2.attach_internet_gateway(InternetGatewayId=id, VpcId=n.vpc)
        shown = ec2.describe_internet_gateways(InternetGatewayIds=[id])["InternetGateways"][0]
        equal([{"State": "available", "VpcId": n.vpc}], shown["Attachments"])
        message = refused(
            "Resource.AlreadyAssociated",
            ec2.attach_internet_gateway,
            InternetGatewayId=id,
            VpcId=n.vpc,
        )
        equal(f"resource {id} is already attached to network {n.vpc}", message)
        refused(
            "Resource.AlreadyAssociated",
            ec2.attach_internet_gateway,
            InternetGatewayId=id,
            VpcId=other.vpc,
        )
        second = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        message = refused(
            "InvalidParameterValue",
            ec2.attach_internet_gateway,
            InternetGatewayId=second,
            VpcId=n.vpc,
        )
        equal(f"Network {n.vpc} already has an internet gateway attached", message)
        ec2.delete_internet_gateway(InternetGatewayId=second)
        message = refused("DependencyViolation", ec2.delete_internet_gateway, InternetGatewayId=id)
        equal(f"The internetGateway '{id}' has dependencies and cannot be deleted.", message)
        for name, value in {
            "internet-gateway-id": id,
            "attachment.vpc-id": n.vpc,
            "tag:kind": "filter",
            "attachment.state": "available",
            "tag-key": "kind",
            "tag-value": "filter",
        }.items():
            found = ec2.describe_internet_gateways(Filters=having(name, value))["InternetGateways"]
            assert id in [g["InternetGatewayId"] for g in found], name
        refused(
            "Gateway.NotAttached",
            ec2.detach_internet_gateway,
            InternetGatewayId=id,
            VpcId=other.vpc,
        )
        ec2.detach_internet_gateway(InternetGatewayId=id, VpcId=n.vpc)
        message = refused(
            "Gateway.NotAttached", ec2.detach_internet_gateway, InternetGatewayId=id, VpcId=n.vpc
        )
        equal(f"resource {id} is not attached to network {n.vpc}", message)
        refused(
            "InvalidVpcID.NotFound",
            ec2.attach_internet_gateway,
            InternetGatewayId=id,
            VpcId="vpc-0123456789abcdef0",
        )
    ec2.delete_internet_gateway(InternetGatewayId=id)
    message = refused(
        "InvalidInternetGatewayID.NotFound", ec2.describe_internet_gateways, InternetGatewayIds=[id]
    )
    equal(f"The internetGateway ID '{id}' does not exist", message)
    refused("InvalidInternetGatewayID.NotFound", ec2.delete_internet_gateway, InternetGatewayId=id)
    refused(
        "InvalidInternetGatewayID.NotFound",
        ec2.attach_internet_gateway,
        InternetGatewayId=id,
        VpcId=default_vpc(),
    )
    refused("DryRunOperation", ec2.create_internet_gateway, DryRun=True)


@behaviour
def a_gateway_behind_which_addresses_are_stays():
    with Network() as n, Gateway(n.vpc) as gateway:
        card = ec2.create_network_interface(SubnetId=n.subnet)["NetworkInterface"][
            "NetworkInterfaceId"
        ]
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        association = ec2.associate_address(AllocationId=address, NetworkInterfaceId=card)[
            "AssociationId"
        ]
        refused(
            "DependencyViolation",
            ec2.detach_internet_gateway,
            InternetGatewayId=gateway,
            VpcId=n.vpc,
        )
        ec2.disassociate_address(AssociationId=association)
        ec2.release_address(AllocationId=address)
        ec2.delete_network_interface(NetworkInterfaceId=card)
