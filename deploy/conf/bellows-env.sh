# Read by bin/bellows before anything else. Uncomment and change the settings that differ.

# A JDK, 17 or newer.
#export JAVA_HOME=/usr/lib/jvm/java-17-openjdk

# A Spark 4.x installation. If unset, Bellows assembles one from Maven Central on first use.
#export SPARK_HOME=/opt/spark

# Flags for the JVM of the bellows command itself.
#export BELLOWS_JAVA_OPTS=-Xmx512m
