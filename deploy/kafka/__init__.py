"""Real Kafka brokers on loopback, from Apache's own Maven artifacts: no container, no download of archives.

    make kafka-up / make kafka-down, or from a test:

    with running(folder, Plan(listeners=(Listener("TLS", "SSL", {...}),))) as cluster:
        cluster.bootstrap("TLS")
        cluster.broker(2).kill(); cluster.broker(2).start(); cluster.wait_ready()
"""
