"""Kafka as operators set it up: names, certificates, passwords, permissions, topics."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-KAFKA-PREFIX", 2, 422, "主题前缀不对：{given}", "Not a prefix of topics: {given}",
          "请用小写字母开头、由小写字母、数字、连字符组成、不超过 32 个字符的一个词",
          "Use one word of at most 32 lower-case letters, digits and hyphens that begins with a letter"),
    Entry("E-KAFKA-PLAINTEXT", 2, 422, "不加密的 Kafka 连接要写明：plaintext={words}",
          "A Kafka connection without TLS must say plaintext={words}",
          "请在 gateway.toml 的 [kafka] 里配置证书或口令并去掉 plaintext；只有本机试用才可以不加密",
          "Set a certificate or a password under [kafka] in gateway.toml and drop plaintext; only a trial on one machine may go without"),
    Entry("E-KAFKA-SECURITY", 2, 422, "Kafka 的安全配置不成立：{why}", "The security settings for Kafka do not stand: {why}",
          "在 gateway.toml 的 [kafka] 里写 certificate 和 key（客户端证书），或 user 和 password_file（SCRAM），可加 ca；"
          "不加密则去掉 [kafka]，并在地址里写 ?plaintext=i-know-everyone-can-listen",
          "Under [kafka] in gateway.toml give certificate and key, or user and password_file, and ca if you need it; "
          "without TLS give no [kafka] and write ?plaintext=i-know-everyone-can-listen in the URL"),
    Entry("E-KAFKA-FILE", 4, 500, "Kafka 连接要用的文件 {file} 用不了（{why}）",
          "The file {file} for the Kafka connection cannot be used ({why})",
          "检查 gateway.toml 的 [kafka] 里写的路径、文件内容和读取权限；私钥不加密、证书与私钥要成对",
          "Check the path under [kafka] in gateway.toml, the file and its permissions; "
          "the key is not encrypted and belongs to the certificate"),
    Entry("E-KAFKA-TLS", 4, 503, "Kafka 服务器 {server} 的这个端口不说同一种协议（{why}）",
          "That port of the Kafka broker {server} does not speak the same protocol ({why})",
          "核对端口：加密端口和不加密端口不是同一个；再核对是否是 Kafka 服务器",
          "Compare the port: the one with TLS is not the one without; and that it is a Kafka broker"),
    Entry("E-KAFKA-CERT-OTHERS", 6, 503, "不认可 Kafka 服务器 {server} 的证书（{why}）",
          "The certificate of the Kafka broker {server} is not believed ({why})",
          "向集群管理员要签发服务器证书的 CA 证书，写进 [kafka] 的 ca；若一直是对的突然不认，先不要发送，问管理员",
          "Get the CA certificate of the cluster from its administrator and name it as ca under [kafka]; "
          "if it was right until now, send nothing and ask"),
    Entry("E-KAFKA-CERT-EXPIRED", 6, 503, "证书不在有效期内：{whose}（{day}）",
          "The certificate of {whose} is not within its validity ({day})",
          "核对本机日期；本单位的证书请集群管理员重新签发并替换文件，服务器的证书由管理员更换",
          "Check the date of this machine; have your own certificate issued again and replace the file; "
          "a broker's is its administrator's to renew"),
    Entry("E-KAFKA-CERT-REFUSED", 6, 503, "Kafka 服务器 {server} 不接受本单位的客户端证书（{why}）",
          "The Kafka broker {server} does not accept this agency's client certificate ({why})",
          "请集群管理员核对签发它的 CA 是否在服务器信任之列，证书用途是否包含客户端验证",
          "Have the cluster's administrator check that the brokers trust its CA and that it may be used by clients"),
    Entry("E-KAFKA-PASSWORD", 3, 503, "Kafka 服务器 {server} 不接受用户 {user} 的口令（{why}）",
          "The Kafka broker {server} does not accept the password of {user} ({why})",
          "核对 [kafka] 的 user 和口令文件；请集群管理员确认该用户有 SCRAM-SHA-512 口令",
          "Compare user and password file under [kafka]; have the administrator check that the user has a SCRAM-SHA-512 password"),
    Entry("E-KAFKA-ADMIN", 3, 403, "这个账号不能管理集群 {place}（{why}）", "This account may not set up the cluster {place} ({why})",
          "用集群管理员的账号执行：gateway topics apply --credentials 管理员的.toml；集群还要开启 StandardAuthorizer",
          "Run it with the administrator's account: gateway topics apply --credentials FILE.toml; "
          "the cluster needs its StandardAuthorizer"),
    Entry("E-KAFKA-CLUSTER", 4, 503, "集群 {place} 没有照办（{why}）", "The cluster {place} did not do it ({why})",
          "过一会儿再执行一次，做过的不会重做；一直如此就把括号里的词告诉集群管理员",
          "Run it again in a while, what was done is not done twice; if it stays so, tell the administrator the word in brackets"),
    Entry("E-KAFKA-TOPIC", 4, 503, "集群上没有主题 {topic}", "There is no topic {topic} on the cluster",
          "请集群管理员执行 gateway topics apply；再用 gateway topics check 核对",
          "Have the administrator run gateway topics apply; gateway topics check compares"),
    Entry("E-KAFKA-PERMISSION", 3, 403, "集群不许 {principal} {operation} 主题 {topic}",
          "The cluster does not let {principal} {operation} the topic {topic}",
          "请集群管理员执行 gateway topics apply（按信任名单授权）；本单位要先在信任名单里，证书或用户名要是 {principal}",
          "Have the administrator run gateway topics apply, which grants by the trust list; "
          "this agency must be on it, and its certificate or user name must be {principal}"),
)
