/// What each exit code means: for the manual, docs/exit-codes.md and the tests that compare the two with ``Refusal``.
enum ExitCodes {
    /// Of every command but `run`. sysexits.h
    static let ofCommands: [(code: Int32, meaning: String)] = [
        (0, "It worked"),
        (
            1,
            "The check found something: warnings with --strict, a manifest that asks for more, another decision than a test expects, an unknown id, record, event or rule"
        ),
        (64, "The command line cannot be read, or asks for what the manifest does not declare"),
        (65, "A file that was given is malformed"),
        (66, "A file that was given is missing or unreadable"),
        (69, "This kernel lacks something that is needed"),
        (71, "A system call failed"),
        (74, "Standard output, the audit trail or a record of consent could not be written or read"),
        (77, "Nobody agreed"),
        (125, "The server's command cannot be boxed as it is"),
        (126, "The server's command cannot be executed"),
        (127, "The server's command was not found"),
    ]

    static let ofRun: [(code: String, meaning: String)] = [
        ("N", "The server ended with N"),
        ("128+N", "Signal N ended the server"),
        ("125", "agentbound refused or failed before the server started; --status-fd says why"),
        ("126", "The command was found and cannot be executed"),
        ("127", "The command was not found"),
    ]
}
