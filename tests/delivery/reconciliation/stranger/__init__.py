"""A second estate that never was, told by another writer than benchmarks/planted and in other forms of logs.

Three Postfix hosts (syslog without year over New Year, ISO times in another zone with several instances, RFC 5424), two
PowerMTA hosts with columns of their own, KumoMTA in packed segments; every fate is written out by hand.
"""
