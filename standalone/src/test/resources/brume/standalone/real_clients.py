# What people do with boto3: waiters, paginators, resources and exceptions, against a started cloud.
# Its address and keys come from the environment, as boto3 reads them; the image is the argument.
import base64
import sys
import time

import boto3
from botocore.exceptions import ClientError

image = sys.argv[1]
ec2 = boto3.client("ec2")
assert boto3.client("sts").get_caller_identity()["Account"]


def refused(call, code, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError("not refused with " + code)


soon = {"Delay": 1, "MaxAttempts": 60}
launched = ec2.run_instances(
    ImageId=image,
    InstanceType="e1.nano",
    MinCount=2,
    MaxCount=2,
    ClientToken="boto-1",
    UserData="#!/bin/sh\n",
    TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "by", "Value": "boto3"}]}],
)
ids = [one["InstanceId"] for one in launched["Instances"]]
ec2.get_waiter("instance_exists").wait(InstanceIds=ids, WaiterConfig=soon)
ec2.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=soon)
ec2.get_waiter("instance_status_ok").wait(InstanceIds=ids, WaiterConfig=soon)
print("running", *ids)

pages = ec2.get_paginator("describe_instances").paginate(
    Filters=[{"Name": "tag:by", "Values": ["boto*"]}], PaginationConfig={"PageSize": 5}
)
found = [i["InstanceId"] for page in pages for r in page["Reservations"] for i in r["Instances"]]
assert sorted(found) == sorted(ids), found
data = ec2.describe_instance_attribute(InstanceId=ids[0], Attribute="userData")["UserData"]
assert base64.b64decode(data["Value"]) == b"#!/bin/sh\n"
instance = boto3.resource("ec2").Instance(ids[0])
for look in range(120):
    if "tiny guest" in instance.console_output(Latest=True).get("Output", ""):
        break
    time.sleep(0.25)
else:
    raise AssertionError("the guest said nothing")

zone = launched["Instances"][0]["Placement"]["AvailabilityZone"]
volume = ec2.create_volume(AvailabilityZone=zone, Size=2, VolumeType="gp3")["VolumeId"]
ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig=soon)
ec2.attach_volume(VolumeId=volume, InstanceId=ids[0], Device="/dev/sdf")
ec2.get_waiter("volume_in_use").wait(VolumeIds=[volume], WaiterConfig=soon)
snapshot = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
ec2.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot], WaiterConfig=soon)
ec2.detach_volume(VolumeId=volume)
ec2.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig=soon)
ec2.delete_volume(VolumeId=volume)
ec2.get_waiter("volume_deleted").wait(VolumeIds=[volume], WaiterConfig=soon)

made = ec2.create_image(InstanceId=ids[0], Name="of-boto3")["ImageId"]
ec2.get_waiter("image_available").wait(ImageIds=[made], WaiterConfig=soon)
ec2.deregister_image(ImageId=made)

ec2.stop_instances(InstanceIds=ids[:1])
ec2.get_waiter("instance_stopped").wait(InstanceIds=ids[:1], WaiterConfig=soon)
refused(ec2.reboot_instances, "IncorrectInstanceState", InstanceIds=ids[:1])
ec2.start_instances(InstanceIds=ids[:1])
ec2.get_waiter("instance_running").wait(InstanceIds=ids[:1], WaiterConfig=soon)

refused(ec2.describe_instances, "InvalidInstanceID.NotFound", InstanceIds=["i-0123456789abcdef0"])
refused(ec2.terminate_instances, "DryRunOperation", InstanceIds=ids, DryRun=True)
refused(
    ec2.run_instances,
    "IdempotentParameterMismatch",
    ImageId=image,
    InstanceType="e1.micro",
    MinCount=2,
    MaxCount=2,
    ClientToken="boto-1",
)

key = ec2.create_key_pair(KeyName="boto", KeyType="ed25519")
ec2.get_waiter("key_pair_exists").wait(KeyNames=["boto"], WaiterConfig=soon)
ec2.delete_key_pair(KeyName="boto")
ec2.get_waiter("vpc_available").wait(WaiterConfig=soon)
ec2.get_waiter("subnet_available").wait(WaiterConfig=soon)
ec2.terminate_instances(InstanceIds=ids)
ec2.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig=soon)
print("well")
