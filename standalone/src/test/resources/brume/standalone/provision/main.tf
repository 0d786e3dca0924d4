# A network with an instance and most of what hangs on one, as Terraform's AWS provider makes, reads
# and takes away such things.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "endpoint" {}
variable "image" {}
provider "aws" {
  region                  = "us-east-1"
  skip_metadata_api_check = true
  endpoints {
    ec2 = "${var.endpoint}/ec2"
    sts = "${var.endpoint}/sts"
  }
  default_tags { tags = { Owner = "terraform" } }
}
data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_availability_zones" "all" { state = "available" }
data "aws_vpc" "default" { default = true }
data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}
data "aws_ec2_instance_type" "small" { instance_type = "e1.small" }
data "aws_ami" "tiny" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "image-id"
    values = [var.image]
  }
}
resource "aws_vpc" "main" {
  cidr_block           = "10.60.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "tf" }
}
resource "aws_internet_gateway" "gw" { vpc_id = aws_vpc.main.id }
resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.60.1.0/24"
  availability_zone       = data.aws_availability_zones.all.names[0]
  map_public_ip_on_launch = true
}
resource "aws_route_table" "rt" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.gw.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.rt.id
}
resource "aws_security_group" "web" {
  name        = "web"
  description = "For the web"
  vpc_id      = aws_vpc.main.id
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "bare" {
  name_prefix = "bare-"
  vpc_id      = aws_vpc.main.id
}
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id            = aws_security_group.bare.id
  referenced_security_group_id = aws_security_group.web.id
  from_port                    = 22
  to_port                      = 22
  ip_protocol                  = "tcp"
  description                  = "from web"
}
resource "aws_vpc_security_group_egress_rule" "all" {
  security_group_id = aws_security_group.bare.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}
resource "aws_security_group_rule" "old" {
  type              = "ingress"
  security_group_id = aws_security_group.bare.id
  from_port         = 8000
  to_port           = 8100
  protocol          = "udp"
  cidr_blocks       = ["10.0.0.0/8", "192.168.0.0/16"]
}
resource "aws_key_pair" "k" {
  key_name   = "tf"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFu6K2RrRIuVpWkVvVYvDOtnWGtSkBsgAJQXGDn2VGrN me@here"
}
resource "aws_placement_group" "pg" {
  name     = "tf"
  strategy = "spread"
}
resource "aws_network_interface" "second" {
  subnet_id       = aws_subnet.a.id
  private_ips     = ["10.60.1.50"]
  security_groups = [aws_security_group.bare.id]
}
resource "aws_instance" "one" {
  ami                    = data.aws_ami.tiny.id
  instance_type          = "e1.nano"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = [aws_security_group.web.id]
  key_name               = aws_key_pair.k.key_name
  user_data              = "#!/bin/sh\necho hi\n"
  monitoring             = true
  root_block_device {
    volume_type = "gp3"
    volume_size = 9
    tags        = { Disk = "root" }
  }
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
  credit_specification { cpu_credits = "unlimited" }
  tags = { Name = "one" }
}
resource "aws_network_interface_attachment" "second" {
  instance_id          = aws_instance.one.id
  network_interface_id = aws_network_interface.second.id
  device_index         = 1
}
resource "aws_ebs_volume" "data" {
  availability_zone = aws_subnet.a.availability_zone
  size              = 4
  type              = "gp3"
}
resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdh"
  volume_id   = aws_ebs_volume.data.id
  instance_id = aws_instance.one.id
}
resource "aws_ebs_snapshot" "snap" { volume_id = aws_ebs_volume.data.id }
resource "aws_ami_from_instance" "copy" {
  name                    = "tf-copy"
  source_instance_id      = aws_instance.one.id
  snapshot_without_reboot = true
}
resource "aws_eip" "ip" { domain = "vpc" }
resource "aws_eip_association" "ip" {
  allocation_id = aws_eip.ip.id
  instance_id   = aws_instance.one.id
  depends_on    = [aws_internet_gateway.gw]
}
resource "aws_launch_template" "lt" {
  name_prefix   = "tf-"
  image_id      = data.aws_ami.tiny.id
  instance_type = "e1.nano"
  network_interfaces {
    subnet_id       = aws_subnet.a.id
    security_groups = [aws_security_group.web.id]
  }
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      volume_size = 2
    }
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "from-template" }
  }
}
resource "aws_instance" "two" {
  launch_template {
    id      = aws_launch_template.lt.id
    version = "$Latest"
  }
}
resource "aws_network_acl" "acl" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [aws_subnet.a.id]
  ingress {
    protocol   = "tcp"
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 80
    to_port    = 80
  }
}
resource "aws_vpc_dhcp_options" "d" {
  domain_name         = "x.internal"
  domain_name_servers = ["AmazonProvidedDNS"]
}
resource "aws_vpc_dhcp_options_association" "d" {
  vpc_id          = aws_vpc.main.id
  dhcp_options_id = aws_vpc_dhcp_options.d.id
}
resource "aws_ec2_tag" "extra" {
  resource_id = data.aws_vpc.default.id
  key         = "Extra"
  value       = "yes"
}
output "account" { value = data.aws_caller_identity.me.account_id }
output "public" { value = aws_eip.ip.public_ip }
