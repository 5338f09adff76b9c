import AuditTrail
import SystemPackage

/// Writes one event to a journal and has the chain checked.
func keepRecord(at path: FilePath) throws {
    let writer = try AuditWriter(path: path, session: AuditWriter.newSession())
    _ = try writer.append(AuditEvent(.box, "/etc/shadow", .deny, rule: "filesystem.read", reason: "not in readPaths"))
    try writer.flush()
    let report = try AuditReader.verify(path)
    print("journal:", report.lines, "lines,", report.findings.count, "findings")
}
