# Tags of everything.
from table import *


def vpc():
    return once("tagged vpc", lambda: ec2.create_vpc(CidrBlock="10.90.0.0/16")["Vpc"]["VpcId"])


def tags(*filters):
    return ec2.describe_tags(Filters=[f for fs in filters for f in fs])["Tags"]


def of(id):
    return having("resource-id", id)


@behaviour
def tags_are_made_shown_changed_and_deleted():
    id = vpc()
    ec2.create_tags(
        Resources=[id], Tags=[{"Key": "k", "Value": "v"}, {"Key": "empty", "Value": ""}]
    )
    equal(
        [
            {"Key": "empty", "ResourceId": id, "ResourceType": "vpc", "Value": ""},
            {"Key": "k", "ResourceId": id, "ResourceType": "vpc", "Value": "v"},
        ],
        sorted(tags(of(id)), key=lambda t: t["Key"]),
    )
    ec2.create_tags(Resources=[id], Tags=[{"Key": "k", "Value": "other"}])
    equal("other", tags(of(id), having("key", "k"))[0]["Value"])
    ec2.delete_tags(Resources=[id], Tags=[{"Key": "k", "Value": "not this"}])
    equal(1, len(tags(of(id), having("key", "k"))))
    ec2.delete_tags(Resources=[id], Tags=[{"Key": "k", "Value": "other"}])
    ec2.delete_tags(Resources=[id], Tags=[{"Key": "empty"}, {"Key": "never was"}])
    equal([], tags(of(id)))
    ec2.create_tags(Resources=[id], Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    ec2.delete_tags(Resources=[id])
    equal([], tags(of(id)))


@behaviour
def tags_are_checked():
    id = vpc()
    one = [{"Key": "k", "Value": "v"}]
    refused(
        "InvalidParameterValue",
        ec2.create_tags,
        Resources=[id],
        Tags=[{"Key": "aws:x", "Value": "v"}],
        says="aws:",
    )
    refused(
        "InvalidParameterValue",
        ec2.create_tags,
        Resources=[id],
        Tags=[{"Key": "k" * 128, "Value": "v"}, {"Key": "l" * 129, "Value": "v"}],
    )
    refused(
        "InvalidParameterValue",
        ec2.create_tags,
        Resources=[id],
        Tags=[{"Key": "k", "Value": "v" * 257}],
    )
    refused(
        "InvalidParameterValue", ec2.create_tags, Resources=[id], Tags=[{"Key": "", "Value": "v"}]
    )
    refused(
        "TagLimitExceeded",
        ec2.create_tags,
        Resources=[id],
        Tags=[{"Key": f"k{i}", "Value": "v"} for i in range(51)],
    )
    refused("InvalidID", ec2.create_tags, Resources=["nonsense"], Tags=one)
    message = refused("InvalidID", ec2.create_tags, Resources=["ami-blah"], Tags=one)
    equal("The ID 'ami-blah' is not valid", message)
    refused("InvalidVpcID.NotFound", ec2.create_tags, Resources=["vpc-0123456789abcdef0"], Tags=one)
    refused(
        "InvalidInstanceID.NotFound",
        ec2.create_tags,
        Resources=[id, "i-0123456789abcdef0"],
        Tags=one,
    )
    equal([], tags(of(id)))
    refused("MissingParameter", ec2.create_tags, Tags=one)
    refused("MissingParameter", ec2.create_tags, Resources=[id])
    refused("DryRunOperation", ec2.create_tags, Resources=[id], Tags=one, DryRun=True)
    refused("DryRunOperation", ec2.delete_tags, Resources=[id], Tags=one, DryRun=True)


@behaviour
def a_tag_without_a_value_is_an_empty_one():
    id = vpc()
    ec2.create_tags(Resources=[id], Tags=[{"Key": "alone"}])
    equal("", tags(of(id))[0]["Value"])
    ec2.delete_tags(Resources=[id])


@behaviour
def keys_and_values_are_any_letters():
    id = vpc()
    wanted = {"unicode é 中": "☃", "with: colon": "a=b&c+d", "UPPER": "lower"}
    ec2.create_tags(Resources=[id], Tags=[{"Key": k, "Value": v} for k, v in wanted.items()])
    equal(wanted, tags_of(ec2.describe_vpcs(VpcIds=[id])["Vpcs"][0]))
    equal(1, len(ec2.describe_vpcs(Filters=having("tag:with: colon", "a=b&c+d"))["Vpcs"]))
    ec2.delete_tags(Resources=[id])


@behaviour
def filters_of_tags_select():
    id = vpc()
    ec2.create_tags(Resources=[id], Tags=[{"Key": "filter-me", "Value": "by value *"}])
    for name, value in {
        "key": "filter-me",
        "value": "by value \\*",
        "resource-type": "vpc",
        "resource-id": id,
        "tag:filter-me": "by value*",
        "tag-key": "filter-m?",
        "tag-value": "by*",
    }.items():
        assert id in [t["ResourceId"] for t in tags(having(name, value))], name
    equal([], tags(of(id), having("resource-type", "instance")))
    refused("InvalidParameterValue", ec2.describe_tags, Filters=having("nonsense", "x"))
    ec2.delete_tags(Resources=[id])


@behaviour
def tags_end_with_what_they_are_on():
    id = ec2.create_vpc(CidrBlock="10.91.0.0/16", TagSpecifications=tagged("vpc", a="b"))["Vpc"][
        "VpcId"
    ]
    equal(1, len(tags(of(id))))
    ec2.delete_vpc(VpcId=id)
    equal([], tags(of(id)))


@behaviour
def pages_of_tags_hold_as_many_as_asked():
    id = vpc()
    ec2.create_tags(Resources=[id], Tags=[{"Key": f"k{i}", "Value": "v"} for i in range(8)])
    page = ec2.describe_tags(Filters=of(id), MaxResults=5)
    equal(5, len(page["Tags"]))
    rest = ec2.describe_tags(Filters=of(id), MaxResults=5, NextToken=page["NextToken"])
    equal(3, len(rest["Tags"]))
    equal(8, len({t["Key"] for t in page["Tags"] + rest["Tags"]}))
    refused("InvalidParameterValue", ec2.describe_tags, MaxResults=4)
    ec2.delete_tags(Resources=[id])


@behaviour
def everything_can_be_tagged():
    import images

    made = {
        "instance": running(),
        "image": images.made_image(),
        "vpc": vpc(),
        "subnet": default_subnet()["SubnetId"],
        "volume": instance(running())["BlockDeviceMappings"][0]["Ebs"]["VolumeId"],
        "network-interface": instance(running())["NetworkInterfaces"][0]["NetworkInterfaceId"],
        "security-group": instance(running())["SecurityGroups"][0]["GroupId"],
        "internet-gateway": ec2.describe_internet_gateways()["InternetGateways"][0][
            "InternetGatewayId"
        ],
        "route-table": ec2.describe_route_tables()["RouteTables"][0]["RouteTableId"],
        "network-acl": ec2.describe_network_acls()["NetworkAcls"][0]["NetworkAclId"],
        "elastic-ip": ec2.allocate_address(Domain="vpc")["AllocationId"],
        "key-pair": ec2.create_key_pair(KeyName=fresh("key"))["KeyPairId"],
        "launch-template": ec2.create_launch_template(
            LaunchTemplateName=fresh("lt"), LaunchTemplateData={"InstanceType": "e1.nano"}
        )["LaunchTemplate"]["LaunchTemplateId"],
        "placement-group": ec2.create_placement_group(GroupName=fresh("pg"), Strategy="spread")[
            "PlacementGroup"
        ]["GroupId"],
        "dhcp-options": ec2.create_dhcp_options(
            DhcpConfigurations=[{"Key": "domain-name", "Values": ["x.org"]}]
        )["DhcpOptions"]["DhcpOptionsId"],
        "snapshot": ec2.create_snapshot(
            VolumeId=instance(running())["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
        )["SnapshotId"],
        "security-group-rule": ec2.describe_security_group_rules()["SecurityGroupRules"][0][
            "SecurityGroupRuleId"
        ],
    }
    ec2.create_tags(Resources=list(made.values()), Tags=[{"Key": "all", "Value": "of it"}])
    found = {t["ResourceType"]: t["ResourceId"] for t in tags(having("key", "all"))}
    equal(made, found)
    ec2.delete_tags(Resources=list(made.values()), Tags=[{"Key": "all"}])
    ec2.release_address(AllocationId=made["elastic-ip"])
    ec2.delete_key_pair(KeyPairId=made["key-pair"])
    ec2.delete_launch_template(LaunchTemplateId=made["launch-template"])
    ec2.delete_dhcp_options(DhcpOptionsId=made["dhcp-options"])
    ec2.delete_snapshot(SnapshotId=made["snapshot"])
