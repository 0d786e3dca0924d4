#!/bin/sh
case $1 in bound|renew) ;; *) exit 0 ;; esac
ip addr flush dev $interface
ip addr add $ip/${mask:-24} dev $interface
[ -z "$router" ] || ip route add default via ${router%% *}
for d in $dns; do echo nameserver $d; done > /etc/resolv.conf
