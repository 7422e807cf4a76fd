# Read by every Spark process of this installation; variables set here are exported.
# Addresses are not set here: `bellows cluster` and `bellows demo` bind to loopback,
# and an application on a remote cluster must be reachable from there.
#SPARK_LOCAL_IP=127.0.0.1
#SPARK_LOCAL_DIRS=/tmp
