# Regions, zones, types, account attributes, placement groups; the protocol itself.
import urllib.request

from table import *


@behaviour
def regions_and_zones_are_shown():
    regions = ec2.describe_regions()["Regions"]
    assert "us-east-1" in [r["RegionName"] for r in regions]
    equal("opt-in-not-required", regions[0]["OptInStatus"])
    assert regions[0]["Endpoint"]
    equal(
        ["us-east-1"],
        [r["RegionName"] for r in ec2.describe_regions(RegionNames=["us-east-1"])["Regions"]],
    )
    refused("InvalidParameterValue", ec2.describe_regions, RegionNames=["mars-1"])
    equal(
        ["us-west-2"],
        [
            r["RegionName"]
            for r in ec2.describe_regions(Filters=having("region-name", "us-west-2"))["Regions"]
        ],
    )
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    equal(["us-east-1a", "us-east-1b", "us-east-1c"], [z["ZoneName"] for z in zones])
    one = zones[0]
    equal(
        (
            "available",
            "us-east-1",
            "availability-zone",
            "opt-in-not-required",
            "us-east-1-zg-1",
            [],
        ),
        tuple(
            one[k]
            for k in ("State", "RegionName", "ZoneType", "OptInStatus", "GroupName", "Messages")
        ),
    )
    equal(
        [one["ZoneName"]],
        [
            z["ZoneName"]
            for z in ec2.describe_availability_zones(ZoneIds=[one["ZoneId"]])["AvailabilityZones"]
        ],
    )
    refused("InvalidParameterValue", ec2.describe_availability_zones, ZoneNames=["us-east-1z"])
    equal(
        1,
        len(
            ec2.describe_availability_zones(
                Filters=having("zone-name", "us-east-1b") + having("state", "available")
            )["AvailabilityZones"]
        ),
    )


@behaviour
def types_are_shown_and_filtered():
    types = ec2.describe_instance_types()["InstanceTypes"]
    nano = next(t for t in types if t["InstanceType"] == "e1.nano")
    equal(
        (True, True, 1),
        (
            nano["CurrentGeneration"],
            nano["BurstablePerformanceSupported"],
            nano["VCpuInfo"]["DefaultVCpus"],
        ),
    )
    assert nano["MemoryInfo"]["SizeInMiB"] and nano["ProcessorInfo"]["SupportedArchitectures"]
    for name in (
        "SupportedUsageClasses",
        "SupportedRootDeviceTypes",
        "SupportedVirtualizationTypes",
        "NetworkInfo",
        "EbsInfo",
        "PlacementGroupInfo",
    ):
        assert nano[name], name
    equal(
        ["e1.nano"],
        [
            t["InstanceType"]
            for t in ec2.describe_instance_types(InstanceTypes=["e1.nano"])["InstanceTypes"]
        ],
    )
    message = refused("InvalidInstanceType", ec2.describe_instance_types, InstanceTypes=["t2.huge"])
    equal("The following supplied instance types do not exist: [t2.huge]", message)
    found = ec2.describe_instance_types(Filters=having("vcpu-info.default-vcpus", "1"))[
        "InstanceTypes"
    ]
    assert "e1.nano" in [t["InstanceType"] for t in found]
    found = ec2.describe_instance_types(
        Filters=having("instance-type", "e1.*") + having("current-generation", "true")
    )["InstanceTypes"]
    own = [t["InstanceType"] for t in types if t["InstanceType"].startswith("e1.")]
    equal(sorted(own), [t["InstanceType"] for t in found])
    refused("InvalidParameterValue", ec2.describe_instance_types, Filters=having("nonsense", "x"))
    page = ec2.describe_instance_types(MaxResults=5)
    assert len(page["InstanceTypes"]) <= 5


@behaviour
def types_of_ec2_are_this_clouds_of_the_same_size():
    shown, own = (
        ec2.describe_instance_types(InstanceTypes=[name])["InstanceTypes"][0]
        for name in ("t2.micro", "e1.micro")
    )
    equal("t2.micro", shown["InstanceType"])
    equal(own["MemoryInfo"], shown["MemoryInfo"])
    equal(own["VCpuInfo"], shown["VCpuInfo"])
    equal(["riscv64"], shown["ProcessorInfo"]["SupportedArchitectures"])
    offered = ec2.describe_instance_type_offerings(Filters=having("instance-type", "t3.micro"))
    equal(["t3.micro"], [o["InstanceType"] for o in offered["InstanceTypeOfferings"]])
    id = launch(InstanceType="t3.nano", wait="running")["InstanceId"]
    equal("t3.nano", instance(id)["InstanceType"])
    found = ec2.describe_instances(
        Filters=having("instance-type", "t3.nano") + having("instance-id", id)
    )
    equal(1, len(found["Reservations"]))
    attribute = ec2.describe_instance_attribute(InstanceId=id, Attribute="instanceType")
    equal("t3.nano", attribute["InstanceType"]["Value"])
    ec2.stop_instances(InstanceIds=[id])
    ec2.get_waiter("instance_stopped").wait(InstanceIds=[id], WaiterConfig=SOON)
    for name in ("t2.micro", "e1.small", "t3.nano"):
        ec2.modify_instance_attribute(InstanceId=id, InstanceType={"Value": name})
        equal(name, instance(id)["InstanceType"])
    end(id)
    refused("InvalidParameterValue", launch, InstanceType="t2.huge")
    refused("InvalidParameterValue", launch, InstanceType="p5.48xlarge")


@behaviour
def offerings_are_shown_by_place():
    found = ec2.describe_instance_type_offerings()["InstanceTypeOfferings"]
    equal({("region", "us-east-1")}, {(o["LocationType"], o["Location"]) for o in found})
    found = ec2.describe_instance_type_offerings(LocationType="availability-zone")[
        "InstanceTypeOfferings"
    ]
    equal({"us-east-1a", "us-east-1b", "us-east-1c"}, {o["Location"] for o in found})
    found = ec2.describe_instance_type_offerings(
        LocationType="availability-zone-id", Filters=having("instance-type", "e1.nano")
    )
    equal(3, len(found["InstanceTypeOfferings"]))
    found = ec2.describe_instance_type_offerings(
        LocationType="availability-zone", Filters=having("location", "us-east-1a")
    )
    equal({"us-east-1a"}, {o["Location"] for o in found["InstanceTypeOfferings"]})
    refused("InvalidParameterValue", ec2.describe_instance_type_offerings, LocationType="planet")


@behaviour
def attributes_of_the_account_are_shown():
    found = {
        a["AttributeName"]: [v["AttributeValue"] for v in a["AttributeValues"]]
        for a in ec2.describe_account_attributes()["AccountAttributes"]
    }
    equal(
        {
            "supported-platforms",
            "default-vpc",
            "max-instances",
            "vpc-max-security-groups-per-interface",
            "max-elastic-ips",
            "vpc-max-elastic-ips",
        },
        set(found),
    )
    equal((["VPC"], [default_vpc()]), (found["supported-platforms"], found["default-vpc"]))
    only = ec2.describe_account_attributes(AttributeNames=["default-vpc"])["AccountAttributes"]
    equal(["default-vpc"], [a["AttributeName"] for a in only])
    refused("InvalidParameterValue", ec2.describe_account_attributes, AttributeNames=["nonsense"])


@behaviour
def placement_groups_are_made_shown_and_deleted():
    name = fresh("pg")
    made = ec2.create_placement_group(
        GroupName=name,
        Strategy="partition",
        PartitionCount=3,
        TagSpecifications=tagged("placement-group", a="b"),
    )["PlacementGroup"]
    equal(
        (name, "available", "partition", 3),
        tuple(made[k] for k in ("GroupName", "State", "Strategy", "PartitionCount")),
    )
    assert made["GroupId"].startswith("pg-") and made["GroupArn"].endswith(name)
    equal({"a": "b"}, tags_of(made))
    equal(1, len(ec2.describe_placement_groups(GroupNames=[name])["PlacementGroups"]))
    equal(1, len(ec2.describe_placement_groups(GroupIds=[made["GroupId"]])["PlacementGroups"]))
    equal(
        1,
        len(
            ec2.describe_placement_groups(
                Filters=having("group-name", name) + having("strategy", "partition")
            )["PlacementGroups"]
        ),
    )
    refused(
        "InvalidPlacementGroup.Duplicate",
        ec2.create_placement_group,
        GroupName=name,
        Strategy="cluster",
    )
    ec2.delete_placement_group(GroupName=name)
    refused("InvalidPlacementGroup.Unknown", ec2.describe_placement_groups, GroupNames=[name])
    refused("InvalidPlacementGroup.Unknown", ec2.delete_placement_group, GroupName=name)
    refused("InvalidParameterValue", ec2.create_placement_group, GroupName=name, Strategy="near")


@behaviour
def dhcp_options_are_made_associated_and_deleted():
    made = ec2.create_dhcp_options(
        DhcpConfigurations=[
            {"Key": "domain-name", "Values": ["example.com"]},
            {"Key": "domain-name-servers", "Values": ["10.0.0.2"]},
        ]
    )["DhcpOptions"]
    id = made["DhcpOptionsId"]
    shown = ec2.describe_dhcp_options(DhcpOptionsIds=[id])["DhcpOptions"][0]
    equal(
        {"domain-name": ["example.com"], "domain-name-servers": ["10.0.0.2"]},
        {c["Key"]: [v["Value"] for v in c["Values"]] for c in shown["DhcpConfigurations"]},
    )
    with Network() as n:
        ec2.associate_dhcp_options(DhcpOptionsId=id, VpcId=n.vpc)
        equal(id, ec2.describe_vpcs(VpcIds=[n.vpc])["Vpcs"][0]["DhcpOptionsId"])
        refused("DependencyViolation", ec2.delete_dhcp_options, DhcpOptionsId=id)
        ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=n.vpc)
    equal(
        1,
        len(
            ec2.describe_dhcp_options(
                Filters=having("key", "domain-name")
                + having("value", "example.com")
                + having("dhcp-options-id", id)
            )["DhcpOptions"]
        ),
    )
    ec2.delete_dhcp_options(DhcpOptionsId=id)
    refused("InvalidDhcpOptionID.NotFound", ec2.describe_dhcp_options, DhcpOptionsIds=[id])
    refused(
        "InvalidDhcpOptionID.NotFound",
        ec2.associate_dhcp_options,
        DhcpOptionsId=id,
        VpcId=default_vpc(),
    )
    refused(
        "InvalidParameterValue",
        ec2.create_dhcp_options,
        DhcpConfigurations=[{"Key": "nonsense", "Values": ["x"]}],
    )


@behaviour
def network_acls_are_made_filled_and_deleted():
    with Network() as n:
        default = ec2.describe_network_acls(Filters=having("vpc-id", n.vpc))["NetworkAcls"][0]
        equal(
            (True, [n.subnet]),
            (default["IsDefault"], [a["SubnetId"] for a in default["Associations"]]),
        )
        equal(
            {(100, "allow"), (32767, "deny")},
            {(e["RuleNumber"], e["RuleAction"]) for e in default["Entries"]},
        )
        made = ec2.create_network_acl(VpcId=n.vpc)["NetworkAcl"]["NetworkAclId"]
        entry = {"NetworkAclId": made, "RuleNumber": 110, "Egress": False}
        ec2.create_network_acl_entry(
            Protocol="6",
            RuleAction="allow",
            CidrBlock="0.0.0.0/0",
            PortRange={"From": 443, "To": 443},
            **entry,
        )
        refused(
            "NetworkAclEntryAlreadyExists",
            ec2.create_network_acl_entry,
            Protocol="6",
            RuleAction="allow",
            CidrBlock="0.0.0.0/0",
            PortRange={"From": 443, "To": 443},
            **entry,
        )
        new = ec2.replace_network_acl_association(
            AssociationId=default["Associations"][0]["NetworkAclAssociationId"], NetworkAclId=made
        )["NewAssociationId"]
        refused("DependencyViolation", ec2.delete_network_acl, NetworkAclId=made)
        ec2.replace_network_acl_association(AssociationId=new, NetworkAclId=default["NetworkAclId"])
        ec2.delete_network_acl_entry(**entry)
        refused("InvalidNetworkAclEntry.NotFound", ec2.delete_network_acl_entry, **entry)
        ec2.delete_network_acl(NetworkAclId=made)
        refused("InvalidNetworkAclID.NotFound", ec2.describe_network_acls, NetworkAclIds=[made])
        refused(
            "InvalidParameterValue", ec2.delete_network_acl, NetworkAclId=default["NetworkAclId"]
        )


@behaviour
def who_calls_is_answered():
    who = boto3.client("sts").get_caller_identity()
    equal(12, len(who["Account"]))
    assert who["Arn"].startswith(f"arn:aws:iam::{who['Account']}:"), who["Arn"]
    equal(who["Account"], ec2.describe_vpcs(VpcIds=[default_vpc()])["Vpcs"][0]["OwnerId"])


@behaviour
def credentials_are_checked():
    other = boto3.client(
        "ec2",
        aws_secret_access_key="wrong" * 8,
        aws_access_key_id=boto3.Session().get_credentials().access_key,
    )
    try:
        other.describe_instances()
        raise AssertionError("a wrong secret is taken")
    except ClientError as error:
        equal(
            ("AuthFailure", 401),
            (error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]),
        )
    nobody = boto3.client(
        "ec2", aws_access_key_id="AKIAAAAAAAAAAAAAAAAA", aws_secret_access_key="wrong" * 8
    )
    try:
        nobody.describe_instances()
        raise AssertionError("an unknown key is taken")
    except ClientError as error:
        equal("AuthFailure", error.response["Error"]["Code"])


@behaviour
def resources_of_boto_find_their_way():
    session = boto3.resource("ec2")
    vpc = session.create_vpc(CidrBlock="10.92.0.0/16")
    vpc.wait_until_available()
    subnet = vpc.create_subnet(CidrBlock="10.92.1.0/24")
    group = session.create_security_group(GroupName="of-resource", Description="d", VpcId=vpc.id)
    group.authorize_ingress(IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0")
    equal([subnet.id], [s.id for s in vpc.subnets.all()])
    one = session.create_instances(
        ImageId=image,
        InstanceType="e1.nano",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet.id,
        SecurityGroupIds=[group.id],
    )[0]
    one.wait_until_running()
    one.reload()
    equal(("running", vpc.id), (one.state["Name"], one.vpc_id))
    one.create_tags(Tags=[{"Key": "Name", "Value": "r"}])
    equal([{"Key": "Name", "Value": "r"}], session.Instance(one.id).tags)
    equal(
        [one.id],
        [i.id for i in vpc.instances.filter(Filters=having("instance-state-name", "running"))],
    )
    equal(1, len(list(one.volumes.all())))
    one.terminate()
    one.wait_until_terminated()
    group.delete()
    subnet.delete()
    vpc.delete()
