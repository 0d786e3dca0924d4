# The table of what EC2's clients expect, asked of a started cloud by boto3: each function that is
# marked `@behaviour` is one line of it, and its name says what is expected. Address and keys come
# from the environment, the image is the first argument; further arguments select lines whose names
# contain one of them. Answers a line for each: `ok NAME`, or `FAILED NAME: WHY`.
import importlib
import itertools
import pathlib
import sys
import time
import traceback

import boto3
import botocore.config
from botocore.exceptions import ClientError

image = sys.argv[1] if len(sys.argv) > 1 else ""
ec2 = boto3.client(
    "ec2",
    config=botocore.config.Config(retries={"total_max_attempts": 1}, parameter_validation=False),
)
account = None
lines = []
_numbers = itertools.count(1)
_shared = {}
SOON = {"Delay": 1, "MaxAttempts": 60}


def behaviour(function):
    lines.append((function.__module__, function.__name__, function))
    return function


def refused(code, call, says="", **parameters):
    """The call must be refused with the code (and 400), and the message must contain some words."""
    try:
        answer = call(**parameters)
    except ClientError as error:
        got = error.response["Error"]
        assert got["Code"] == code, f"{got['Code']} in place of {code}: {got['Message']}"
        assert says in got["Message"], f"{says!r} is not in {got['Message']!r}"
        assert error.response["ResponseMetadata"].get("RequestId"), "no request id"
        return got["Message"]
    raise AssertionError(f"not refused with {code}: {str(answer)[:300]}")


def equal(wanted, got):
    assert wanted == got, f"{got!r} in place of {wanted!r}"


def having(name, *values):
    return [{"Name": name, "Values": list(values)}]


def tagged(resource_type, **tags):
    return [
        {"ResourceType": resource_type, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
    ]


def tags_of(thing):
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


def fresh(prefix="t"):
    return f"{prefix}-{next(_numbers)}-{int(time.time() * 1000)}"


def once(name, make):
    if name not in _shared:
        _shared[name] = make()
    return _shared[name]


def launch(wait=None, **more):
    wanted = {"ImageId": image, "InstanceType": "e1.nano", "MinCount": 1, "MaxCount": 1, **more}
    launched = ec2.run_instances(**{k: v for k, v in wanted.items() if v is not None})["Instances"]
    ids = [one["InstanceId"] for one in launched]
    if wait:
        ec2.get_waiter("instance_" + wait).wait(InstanceIds=ids, WaiterConfig=SOON)
    return launched if len(launched) > 1 else launched[0]


def running():
    """An instance that runs, and that nobody changes for good."""
    return once("running", lambda: launch("running")["InstanceId"])


def instance(id):
    return ec2.describe_instances(InstanceIds=[id])["Reservations"][0]["Instances"][0]


def end(*ids):
    ec2.terminate_instances(InstanceIds=list(ids))
    ec2.get_waiter("instance_terminated").wait(InstanceIds=list(ids), WaiterConfig=SOON)


def default_vpc():
    return ec2.describe_vpcs(Filters=having("is-default", "true"))["Vpcs"][0]["VpcId"]


def default_subnet():
    return ec2.describe_subnets(Filters=having("default-for-az", "true"))["Subnets"][0]


def zone():
    return ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]


class Network:
    """A VPC with a subnet, taken away at the end."""

    def __init__(self, block="10.50.0.0/16", subnet="10.50.1.0/24"):
        self.block, self.subnet_block = block, subnet

    def __enter__(self):
        self.vpc = ec2.create_vpc(CidrBlock=self.block)["Vpc"]["VpcId"]
        self.subnet = ec2.create_subnet(VpcId=self.vpc, CidrBlock=self.subnet_block)["Subnet"][
            "SubnetId"
        ]
        return self

    def __exit__(self, kind, error, trace):
        if kind:
            return
        for subnet in ec2.describe_subnets(Filters=having("vpc-id", self.vpc))["Subnets"]:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        ec2.delete_vpc(VpcId=self.vpc)


def main():
    for file in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        if file.stem != "table":
            importlib.import_module(file.stem)
    wanted = sys.argv[2:]
    for family, name, function in lines:
        title = f"{family}: {name.replace('_', ' ')}"
        if wanted and not any(word in title for word in wanted):
            continue
        try:
            function()
            print(f"ok {title}", flush=True)
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)
            place = next(
                (
                    f"{f.filename.rsplit('/')[-1]}:{f.lineno}"
                    for f in at
                    if "ec2/" in f.filename and "table.py" not in f.filename
                ),
                "",
            )
            print(
                f"FAILED {title}: {place} {type(error).__name__} {error}".replace("\n", " "),
                flush=True,
            )


if __name__ == "__main__":
    sys.modules["table"] = sys.modules["__main__"]
    main()
