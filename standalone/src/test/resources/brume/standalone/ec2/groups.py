# Security groups and their rules.
from table import *


def group(**more):
    return ec2.create_security_group(**{"GroupName": fresh("group"), "Description": "d", **more})[
        "GroupId"
    ]


def shown(id):
    return ec2.describe_security_groups(GroupIds=[id])["SecurityGroups"][0]


def allow(low, high, protocol="tcp", **ranges):
    return [
        {
            "IpProtocol": protocol,
            "FromPort": low,
            "ToPort": high,
            **(ranges or {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}),
        }
    ]


@behaviour
def a_group_is_made_with_the_usual_way_out():
    name = fresh("group")
    made = ec2.create_security_group(
        GroupName=name, Description="of a test", TagSpecifications=tagged("security-group", a="b")
    )
    equal({"a": "b"}, tags_of(made))
    one = shown(made["GroupId"])
    equal((name, "of a test", default_vpc()), (one["GroupName"], one["Description"], one["VpcId"]))
    equal([], one["IpPermissions"])
    equal(
        [
            {
                "IpProtocol": "-1",
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                "Ipv6Ranges": [],
                "PrefixListIds": [],
                "UserIdGroupPairs": [],
            }
        ],
        one["IpPermissionsEgress"],
    )
    message = refused(
        "InvalidGroup.Duplicate", ec2.create_security_group, GroupName=name, Description="again"
    )
    equal(f"The security group '{name}' already exists for VPC '{default_vpc()}'", message)
    equal(
        [name],
        [g["GroupName"] for g in ec2.describe_security_groups(GroupNames=[name])["SecurityGroups"]],
    )
    ec2.delete_security_group(GroupName=name)
    message = refused(
        "InvalidGroup.NotFound", ec2.describe_security_groups, GroupIds=[made["GroupId"]]
    )
    equal(f"The security group '{made['GroupId']}' does not exist", message)
    refused("InvalidGroup.NotFound", ec2.delete_security_group, GroupId=made["GroupId"])
    refused("InvalidGroup.NotFound", ec2.delete_security_group, GroupName=name)


@behaviour
def names_and_descriptions_of_groups_are_checked():
    refused("MissingParameter", ec2.create_security_group, Description="d")
    refused("MissingParameter", ec2.create_security_group, GroupName=fresh())
    refused("InvalidParameterValue", ec2.create_security_group, GroupName="sg-abc", Description="d")
    refused(
        "InvalidParameterValue", ec2.create_security_group, GroupName="x" * 256, Description="d"
    )
    refused("InvalidParameterValue", ec2.create_security_group, GroupName='what"', Description="d")
    refused("InvalidParameterValue", ec2.create_security_group, GroupName=fresh(), Description="é")
    refused(
        "InvalidParameterValue",
        ec2.create_security_group,
        "reserved",
        GroupName="default",
        Description="d",
    )
    refused(
        "InvalidVpcID.NotFound",
        ec2.create_security_group,
        GroupName=fresh(),
        Description="d",
        VpcId="vpc-0123456789abcdef0",
    )
    refused(
        "DryRunOperation",
        ec2.create_security_group,
        GroupName=fresh(),
        Description="d",
        DryRun=True,
    )
    refused("InvalidGroupId.Malformed", ec2.describe_security_groups, GroupIds=["nonsense"])
    refused("MissingParameter", ec2.delete_security_group)


@behaviour
def the_same_name_is_free_in_another_network():
    with Network() as n:
        name = fresh("group")
        first, second = group(GroupName=name), group(GroupName=name, VpcId=n.vpc)
        assert first != second
        found = ec2.describe_security_groups(Filters=having("group-name", name))["SecurityGroups"]
        equal(2, len(found))
        for id in (first, second):
            ec2.delete_security_group(GroupId=id)


@behaviour
def every_network_has_a_default_group_that_stays():
    with Network() as n:
        found = ec2.describe_security_groups(Filters=having("vpc-id", n.vpc))["SecurityGroups"]
        equal(["default"], [g["GroupName"] for g in found])
        equal("default VPC security group", found[0]["Description"])
        rule = found[0]["IpPermissions"][0]
        equal(
            ("-1", found[0]["GroupId"]),
            (rule["IpProtocol"], rule["UserIdGroupPairs"][0]["GroupId"]),
        )
        refused("CannotDelete", ec2.delete_security_group, GroupId=found[0]["GroupId"])


@behaviour
def rules_are_given_and_taken():
    id = group()
    given = ec2.authorize_security_group_ingress(
        GroupId=id,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [
                    {"CidrIp": "10.0.0.0/8", "Description": "inside"},
                    {"CidrIp": "192.168.0.0/16"},
                ],
            },
            {
                "IpProtocol": "icmp",
                "FromPort": -1,
                "ToPort": -1,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            },
        ],
    )
    equal(True, given["Return"])
    equal(3, len(given["SecurityGroupRules"]))
    rule = given["SecurityGroupRules"][0]
    assert rule["SecurityGroupRuleId"].startswith("sgr-")
    equal(
        (id, False, "tcp", 22, 22),
        tuple(rule[k] for k in ("GroupId", "IsEgress", "IpProtocol", "FromPort", "ToPort")),
    )
    permissions = shown(id)["IpPermissions"]
    equal(2, len(permissions))
    ranges = next(p for p in permissions if p["IpProtocol"] == "tcp")["IpRanges"]
    assert {"CidrIp": "10.0.0.0/8", "Description": "inside"} in ranges, ranges
    message = refused(
        "InvalidPermission.Duplicate",
        ec2.authorize_security_group_ingress,
        GroupId=id,
        IpPermissions=allow(22, 22),
    )
    equal(
        'the specified rule "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW"'
        " already exists",
        message,
    )
    taken = ec2.revoke_security_group_ingress(GroupId=id, IpPermissions=allow(22, 22))
    equal(True, taken["Return"])
    equal(1, len(taken["RevokedSecurityGroupRules"]))
    unknown = ec2.revoke_security_group_ingress(GroupId=id, IpPermissions=allow(22, 22))
    equal(22, unknown["UnknownIpPermissions"][0]["FromPort"])
    with Network() as n:
        own = group(VpcId=n.vpc)
        message = refused(
            "InvalidPermission.NotFound",
            ec2.revoke_security_group_ingress,
            GroupId=own,
            IpPermissions=allow(22, 22),
        )
        equal("The specified rule does not exist in this security group.", message)
        ec2.delete_security_group(GroupId=own)
    ec2.revoke_security_group_ingress(
        GroupId=id, SecurityGroupRuleIds=[given["SecurityGroupRules"][2]["SecurityGroupRuleId"]]
    )
    equal(1, len(shown(id)["IpPermissions"]))
    ec2.delete_security_group(GroupId=id)


@behaviour
def rules_are_said_in_short_too():
    id = group()
    ec2.authorize_security_group_ingress(
        GroupId=id, IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="1.2.3.4/32"
    )
    equal([{"CidrIp": "1.2.3.4/32"}], shown(id)["IpPermissions"][0]["IpRanges"])
    ec2.revoke_security_group_ingress(
        GroupId=id, IpProtocol="tcp", FromPort=80, ToPort=80, CidrIp="1.2.3.4/32"
    )
    equal([], shown(id)["IpPermissions"])
    ec2.authorize_security_group_ingress(GroupId=id, SourceSecurityGroupName="default")
    protocols = sorted(p["IpProtocol"] for p in shown(id)["IpPermissions"])
    assert protocols == ["icmp", "tcp", "udp"] or protocols == ["-1"], protocols
    ec2.delete_security_group(GroupId=id)


@behaviour
def ways_out_are_given_and_taken():
    id = group()
    ec2.revoke_security_group_egress(GroupId=id, IpPermissions=shown(id)["IpPermissionsEgress"])
    equal([], shown(id)["IpPermissionsEgress"])
    given = ec2.authorize_security_group_egress(GroupId=id, IpPermissions=allow(443, 443))
    equal(True, given["SecurityGroupRules"][0]["IsEgress"])
    refused(
        "InvalidPermission.Duplicate",
        ec2.authorize_security_group_egress,
        GroupId=id,
        IpPermissions=allow(443, 443),
    )
    unknown = ec2.revoke_security_group_egress(GroupId=id, IpPermissions=allow(444, 444))
    equal(444, unknown["UnknownIpPermissions"][0]["FromPort"])
    ec2.revoke_security_group_egress(GroupId=id, IpPermissions=allow(443, 443))
    ec2.delete_security_group(GroupId=id)


@behaviour
def rules_are_checked():
    id = group()

    def wrong(code, permission):
        refused(code, ec2.authorize_security_group_ingress, GroupId=id, IpPermissions=[permission])

    inside = {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    wrong(
        "InvalidParameterValue",
        {
            "IpProtocol": "tcp",
            "FromPort": 22,
            "ToPort": 22,
            "IpRanges": [{"CidrIp": "10.0.0.300/8"}],
        },
    )
    wrong(
        "InvalidParameterValue",
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.1"}]},
    )
    wrong(
        "InvalidParameterValue",
        {
            "IpProtocol": "tcp",
            "FromPort": 22,
            "ToPort": 22,
            "IpRanges": [{"CidrIp": "10.0.0.0/33"}],
        },
    )
    wrong(
        "InvalidPermission.Malformed",
        {"IpProtocol": "nonsense", "FromPort": 22, "ToPort": 22, **inside},
    )
    wrong("InvalidParameterValue", {"IpProtocol": "tcp", "FromPort": 23, "ToPort": 22, **inside})
    wrong("InvalidParameterValue", {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 70000, **inside})
    wrong("InvalidParameterValue", {"IpProtocol": "tcp", **inside})
    wrong("MissingParameter", {"FromPort": 22, "ToPort": 22, **inside})
    wrong(
        "InvalidGroup.NotFound",
        {
            "IpProtocol": "tcp",
            "FromPort": 1,
            "ToPort": 2,
            "UserIdGroupPairs": [{"GroupId": "sg-0123456789abcdef0"}],
        },
    )
    refused("MissingParameter", ec2.authorize_security_group_ingress, GroupId=id)
    refused(
        "InvalidGroup.NotFound",
        ec2.authorize_security_group_ingress,
        GroupId="sg-0123456789abcdef0",
        IpPermissions=allow(1, 2),
    )
    refused(
        "DryRunOperation",
        ec2.authorize_security_group_ingress,
        GroupId=id,
        IpPermissions=allow(1, 2),
        DryRun=True,
    )
    equal([], shown(id)["IpPermissions"])
    ec2.authorize_security_group_ingress(GroupId=id, IpPermissions=[{"IpProtocol": "-1", **inside}])
    rule = shown(id)["IpPermissions"][0]
    assert "FromPort" not in rule, rule
    ec2.authorize_security_group_ingress(
        GroupId=id, IpPermissions=[{"IpProtocol": "6", "FromPort": 1, "ToPort": 2, **inside}]
    )
    assert "tcp" in [p["IpProtocol"] for p in shown(id)["IpPermissions"]]
    ec2.authorize_security_group_ingress(
        GroupId=id,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 5,
                "ToPort": 5,
                "IpRanges": [{"CidrIp": "10.1.2.3/8"}],
            }
        ],
    )
    assert "10.0.0.0/8" in [r["CidrIp"] for p in shown(id)["IpPermissions"] for r in p["IpRanges"]]
    ec2.authorize_security_group_ingress(
        GroupId=id,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 6, "ToPort": 6, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
        ],
    )
    ec2.delete_security_group(GroupId=id)


@behaviour
def a_group_that_is_named_by_another_stays():
    first, second = group(), group()
    pair = {"UserIdGroupPairs": [{"GroupId": second}]}
    ec2.authorize_security_group_ingress(GroupId=first, IpPermissions=allow(1, 9, **pair))
    got = shown(first)["IpPermissions"][0]["UserIdGroupPairs"][0]
    equal(second, got["GroupId"])
    equal(12, len(got["UserId"]))
    message = refused("DependencyViolation", ec2.delete_security_group, GroupId=second)
    equal(f"resource {second} has a dependent object", message)
    references = ec2.describe_security_group_references(GroupId=[second])[
        "SecurityGroupReferenceSet"
    ]
    assert isinstance(references, list)
    ec2.revoke_security_group_ingress(GroupId=first, IpPermissions=allow(1, 9, **pair))
    ec2.authorize_security_group_ingress(
        GroupId=first, IpPermissions=allow(1, 9, UserIdGroupPairs=[{"GroupId": first}])
    )
    ec2.delete_security_group(GroupId=first)
    ec2.delete_security_group(GroupId=second)


@behaviour
def rules_are_described_changed_and_tagged_by_id():
    id = group()
    given = ec2.authorize_security_group_ingress(
        GroupId=id,
        IpPermissions=allow(22, 22),
        TagSpecifications=tagged("security-group-rule", a="b"),
    )["SecurityGroupRules"][0]
    rule = given["SecurityGroupRuleId"]
    found = ec2.describe_security_group_rules(Filters=having("group-id", id))["SecurityGroupRules"]
    equal(2, len(found))
    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"][0]
    equal(("10.0.0.0/8", False, {"a": "b"}), (found["CidrIpv4"], found["IsEgress"], tags_of(found)))
    equal(
        1,
        len(
            ec2.describe_security_group_rules(
                Filters=having("tag:a", "b") + having("group-id", id)
            )["SecurityGroupRules"]
        ),
    )
    refused(
        "InvalidSecurityGroupRuleId.NotFound",
        ec2.describe_security_group_rules,
        SecurityGroupRuleIds=["sgr-0123456789abcdef0"],
    )
    ec2.modify_security_group_rules(
        GroupId=id,
        SecurityGroupRules=[
            {
                "SecurityGroupRuleId": rule,
                "SecurityGroupRule": {
                    "IpProtocol": "tcp",
                    "FromPort": 23,
                    "ToPort": 24,
                    "CidrIpv4": "10.0.0.0/9",
                    "Description": "changed",
                },
            }
        ],
    )
    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"][0]
    equal(
        (23, 24, "10.0.0.0/9", "changed"),
        tuple(found[k] for k in ("FromPort", "ToPort", "CidrIpv4", "Description")),
    )
    ec2.update_security_group_rule_descriptions_ingress(
        GroupId=id,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 23,
                "ToPort": 24,
                "IpRanges": [{"CidrIp": "10.0.0.0/9", "Description": "again"}],
            }
        ],
    )
    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"][0]
    equal("again", found["Description"])
    ec2.delete_security_group(GroupId=id)


@behaviour
def a_group_holds_sixty_rules_each_way():
    id = group()
    many = [{"CidrIp": f"10.0.{i}.0/24"} for i in range(60)]
    ec2.authorize_security_group_ingress(GroupId=id, IpPermissions=allow(22, 22, IpRanges=many))
    refused(
        "RulesPerSecurityGroupLimitExceeded",
        ec2.authorize_security_group_ingress,
        GroupId=id,
        IpPermissions=allow(23, 23),
    )
    ec2.delete_security_group(GroupId=id)


@behaviour
def filters_of_groups_select():
    id = group(TagSpecifications=tagged("security-group", kind="filter"))
    ec2.authorize_security_group_ingress(
        GroupId=id,
        IpPermissions=allow(7, 8, IpRanges=[{"CidrIp": "10.9.0.0/16", "Description": "x"}]),
    )
    one = shown(id)
    wanted = {
        "group-id": id,
        "group-name": one["GroupName"],
        "description": "d",
        "vpc-id": default_vpc(),
        "owner-id": one["OwnerId"],
        "tag:kind": "filter",
        "tag-key": "kind",
        "ip-permission.cidr": "10.9.0.0/16",
        "ip-permission.from-port": "7",
        "ip-permission.to-port": "8",
        "ip-permission.protocol": "tcp",
        "egress.ip-permission.cidr": "0.0.0.0/0",
        "egress.ip-permission.protocol": "-1",
    }

    def found(name, value):
        return id in [
            g["GroupId"]
            for g in ec2.describe_security_groups(Filters=having(name, value))["SecurityGroups"]
        ]

    equal([], [n for n, v in wanted.items() if not found(n, v)])
    equal([], [n for n in wanted if found(n, "nothing-is-like-it")])
    refused("InvalidParameterValue", ec2.describe_security_groups, Filters=having("nonsense", "x"))
    ec2.delete_security_group(GroupId=id)


@behaviour
def rules_are_merged_by_protocol_and_ports():
    with Network() as n:
        first, second = group(VpcId=n.vpc), group(VpcId=n.vpc)
        pair = {"GroupId": second, "VpcId": n.vpc}
        for ranges in ({"IpRanges": [{"CidrIp": "10.1.0.0/16"}]}, {"UserIdGroupPairs": [pair]}):
            ec2.authorize_security_group_ingress(
                GroupId=first, IpPermissions=allow(80, 90, "TCP", **ranges)
            )
        owner = shown(second)["OwnerId"]
        wanted = {
            "IpProtocol": "tcp",
            "FromPort": 80,
            "ToPort": 90,
            "IpRanges": [{"CidrIp": "10.1.0.0/16"}],
            "Ipv6Ranges": [],
            "PrefixListIds": [],
            "UserIdGroupPairs": [{"GroupId": second, "UserId": owner}],
        }
        equal([wanted], shown(first)["IpPermissions"])
        for name, value in {
            "ip-permission.group-id": second,
            "ip-permission.to-port": "90",
        }.items():
            found = ec2.describe_security_groups(
                Filters=having(name, value) + having("vpc-id", n.vpc)
            )["SecurityGroups"]
            equal([first], [g["GroupId"] for g in found])
        ec2.revoke_security_group_ingress(GroupId=first, IpPermissions=[wanted])
        equal([], shown(first)["IpPermissions"])
        for id in (first, second):
            ec2.delete_security_group(GroupId=id)


@behaviour
def rules_of_no_group_are_refused_or_none():
    message = refused(
        "InvalidGroupId.Malformed",
        ec2.describe_security_group_rules,
        Filters=having("group-id", "foobar"),
    )
    assert "The security group ID 'foobar' is malformed" in message, message
    found = ec2.describe_security_group_rules(Filters=having("group-id", "sg-0123456789abcdef0"))
    equal([], found["SecurityGroupRules"])
