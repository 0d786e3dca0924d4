# Key pairs.
import hashlib
import pathlib
import re
import subprocess
import tempfile

from table import *


@behaviour
def a_key_pair_is_made_shown_and_deleted():
    name = fresh("key")
    made = ec2.create_key_pair(KeyName=name, TagSpecifications=tagged("key-pair", a="b"))
    equal(name, made["KeyName"])
    assert made["KeyMaterial"].startswith("-----BEGIN RSA PRIVATE KEY-----"), made["KeyMaterial"][
        :40
    ]
    assert re.fullmatch("([0-9a-f]{2}:){19}[0-9a-f]{2}", made["KeyFingerprint"]), made[
        "KeyFingerprint"
    ]
    equal({"a": "b"}, tags_of(made))
    shown = ec2.describe_key_pairs(KeyNames=[name])["KeyPairs"][0]
    equal(
        (made["KeyPairId"], made["KeyFingerprint"], "rsa"),
        (shown["KeyPairId"], shown["KeyFingerprint"], shown["KeyType"]),
    )
    assert shown["CreateTime"]
    assert "PublicKey" not in shown
    public = ec2.describe_key_pairs(KeyPairIds=[made["KeyPairId"]], IncludePublicKey=True)[
        "KeyPairs"
    ][0]["PublicKey"]
    assert public.startswith("ssh-rsa "), public
    message = refused("InvalidKeyPair.Duplicate", ec2.create_key_pair, KeyName=name)
    equal(f"The keypair '{name}' already exists.", message)
    gone = ec2.delete_key_pair(KeyName=name)
    equal((True, made["KeyPairId"]), (gone["Return"], gone["KeyPairId"]))
    message = refused("InvalidKeyPair.NotFound", ec2.describe_key_pairs, KeyNames=[name])
    equal(f"The key pair '{name}' does not exist", message)


@behaviour
def deleting_what_is_not_there_is_well():
    ec2.delete_key_pair(KeyName="no-such-key")
    refused("MissingParameter", ec2.delete_key_pair)
    refused("InvalidKeyPair.NotFound", ec2.describe_key_pairs, KeyPairIds=["key-0123456789abcdef0"])


@behaviour
def kinds_and_formats_of_keys_are_made():
    name = fresh("key")
    made = ec2.create_key_pair(KeyName=name, KeyType="ed25519")
    assert made["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----"), made[
        "KeyMaterial"
    ][:40]
    assert re.fullmatch("[A-Za-z0-9+/]{43}=?", made["KeyFingerprint"]), made["KeyFingerprint"]
    ec2.delete_key_pair(KeyPairId=made["KeyPairId"])
    refused("InvalidParameterValue", ec2.create_key_pair, KeyName=name, KeyType="dsa")
    refused("InvalidParameterValue", ec2.create_key_pair, KeyName="x" * 256)
    refused("MissingParameter", ec2.create_key_pair, "KeyName")
    refused("DryRunOperation", ec2.create_key_pair, KeyName=name, DryRun=True)
    refused("InvalidKeyPair.NotFound", ec2.describe_key_pairs, KeyNames=[name])


def generated(*options):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "key"
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-f", str(file), *options], check=True)
        return file.with_suffix(".pub").read_text().strip()


@behaviour
def a_key_is_imported_with_its_fingerprint():
    import base64

    line = generated("-t", "rsa", "-b", "2048")
    name = fresh("key")
    made = ec2.import_key_pair(KeyName=name, PublicKeyMaterial=line.encode())
    assert re.fullmatch("([0-9a-f]{2}:){15}[0-9a-f]{2}", made["KeyFingerprint"]), made[
        "KeyFingerprint"
    ]
    equal(name, made["KeyName"])
    refused(
        "InvalidKeyPair.Duplicate",
        ec2.import_key_pair,
        KeyName=name,
        PublicKeyMaterial=line.encode(),
    )
    ec2.delete_key_pair(KeyName=name)
    line = generated("-t", "ed25519")
    made = ec2.import_key_pair(KeyName=name, PublicKeyMaterial=line.encode())
    digest = base64.b64encode(hashlib.sha256(base64.b64decode(line.split()[1])).digest()).decode()
    equal(digest.rstrip("="), made["KeyFingerprint"].rstrip("="))
    ec2.delete_key_pair(KeyName=name)
    for wrong in (b"nonsense", b"ssh-rsa AAAA", b"ssh-dss AAAAB3NzaC1kc3MAAACBAO"):
        refused("InvalidKey.Format", ec2.import_key_pair, KeyName=name, PublicKeyMaterial=wrong)


@behaviour
def filters_of_keys_select():
    name = fresh("key")
    made = ec2.create_key_pair(KeyName=name, TagSpecifications=tagged("key-pair", kind="filter"))
    for filter, value in {
        "key-name": name,
        "key-pair-id": made["KeyPairId"],
        "fingerprint": made["KeyFingerprint"],
        "tag:kind": "filter",
        "tag-key": "kind",
    }.items():
        found = ec2.describe_key_pairs(Filters=having(filter, value))["KeyPairs"]
        assert name in [k["KeyName"] for k in found], filter
    equal([], ec2.describe_key_pairs(Filters=having("key-name", "nothing"))["KeyPairs"])
    one = launch(KeyName=name)
    equal(name, one["KeyName"])
    equal(1, len(ec2.describe_instances(Filters=having("key-name", name))["Reservations"]))
    end(one["InstanceId"])
    ec2.delete_key_pair(KeyName=name)
