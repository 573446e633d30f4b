"""Apache Kafka: the `kafka:` carrier, the names on the cluster, and its topics, permissions and quotas as data."""
