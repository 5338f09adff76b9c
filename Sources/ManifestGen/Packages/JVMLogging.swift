/// Log files that settings ask for.
///
/// Source: docs.spring.io/spring-boot, "Logging"; logback.qos.ch, "Appenders"; logging.apache.org/log4j, "Appenders".
enum JVMLogging {
    static func writesFile(_ name: String, _ bytes: [UInt8]) -> Bool {
        if name.hasSuffix(".xml") { return marks.contains { PathText.contains(bytes, Array($0.utf8)) } }
        return bytes.split(separator: 0x0A).contains { line in
            let text = line.drop { $0 == 0x20 || $0 == 0x09 }
            return keys.contains { text.starts(with: $0.utf8) }
        }
    }

    private static let marks = ["FileAppender", "<RollingFile", "<File "]
    private static let keys = [
        "logging.file.name", "logging.file.path", "quarkus.log.file.enable=true", "quarkus.log.file.enabled=true",
    ]
}
