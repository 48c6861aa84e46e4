#!/bin/sh
# Length of each tenant's queue, for the invoice.
for tenant in postfix-a postfix-b; do
    count=$(postqueue -c "/etc/$tenant" -p | tail -1)
    echo "$tenant $count" >> /var/log/tenant_queues
done
