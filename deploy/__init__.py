"""What puts the product on machines: container images, and Kafka without containers."""
