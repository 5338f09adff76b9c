/// How far agentbound goes with what a framework asks for. The names are the frameworks' own; the rest are our words.
struct Control: Hashable, Sendable {
    enum Framework: String, CaseIterable, Sendable {
        case owaspAgentic = "OWASP Top 10 for Agentic Applications 2026"
        case nccoe = "NIST NCCoE concept paper on agent identity and authorization (February 2026)"
        case nistRMF = "NIST AI Risk Management Framework 1.0"

        var source: String {
            switch self {
            case .owaspAgentic: "https://genai.owasp.org/resource/owasp-top-10-for-agentic-applications-for-2026/"
            case .nccoe: "https://www.nccoe.nist.gov/projects/software-and-ai-agent-identity-and-authorization"
            case .nistRMF: "https://airc.nist.gov/airmf-resources/airmf/5-sec-core/"
            }
        }
    }

    enum Extent: String, CaseIterable, Sendable { case addressed, partly, no }

    let framework: Framework
    /// Where the framework numbers, its number; else the title of the area.
    let id: String
    let name: String
    let extent: Extent
    /// What agentbound does for it.
    let does: String
    /// What it does not.
    let lacks: String

    static let all: [Control] = [
        Control(
            framework: .owaspAgentic, id: "ASI01", name: "Agent Goal Hijack", extent: .partly,
            does:
                "A tool policy holds whatever the agent was talked into; the threat scanner scores injected instructions in arguments, results and tool descriptions.",
            lacks:
                "The model's goal is not seen, and an injected wish that the policy allows goes through. The scanner's patterns can be evaded."
        ),
        Control(
            framework: .owaspAgentic, id: "ASI02", name: "Tool Misuse and Exploitation", extent: .addressed,
            does:
                "Each call is judged with its arguments: allow, deny, redact, budget, a person's approval. The box holds what a tool's process can touch, whatever its arguments say.",
            lacks: "A policy is as good as its author; misuse within what it allows is recorded, not stopped."),
        Control(
            framework: .owaspAgentic, id: "ASI03", name: "Identity and Privilege Abuse", extent: .partly,
            does:
                "Agents prove who they are with signed tokens for named servers, with roles and an end; grants are limited in time and number; the server holds no capability, and no variable or file that was not granted.",
            lacks:
                "Issuing, enrolling and revoking are the operator's: a token is valid until it ends. Credentials that are given to a server are in its hands."
        ),
        Control(
            framework: .owaspAgentic, id: "ASI04", name: "Agentic Supply Chain Vulnerabilities", extent: .partly,
            does:
                "Packages are installed in a box of their own that reaches the registry alone; the manifest that was agreed to is pinned by its digest, and one that asks for more is asked about again; whatever a package turns into, the box stays.",
            lacks:
                "Code is not reviewed or attested; what is within the grants stays possible for malicious code. No bill of materials is kept."
        ),
        Control(
            framework: .owaspAgentic, id: "ASI05", name: "Unexpected Code Execution (RCE)", extent: .addressed,
            does:
                "Without system.exec a server starts no other program; with it, named ones only; the box holds native code as well.",
            lacks: "Code that the server loads into itself runs, within the same box. Kernel exploits are out of scope."
        ),
        Control(
            framework: .owaspAgentic, id: "ASI06", name: "Memory and Context Poisoning", extent: .partly,
            does:
                "Results are scanned for instructions and hidden characters before they reach the client, and written down with their score.",
            lacks: "An agent's memory is not seen; what is in it, and what comes from it, is not checked."),
        Control(
            framework: .owaspAgentic, id: "ASI07", name: "Insecure Inter-Agent Communication", extent: .no,
            does: "Only that agents which call a boxed server can be told apart by their tokens.",
            lacks: "Messages between agents do not pass through agentbound."),
        Control(
            framework: .owaspAgentic, id: "ASI08", name: "Cascading Failures", extent: .partly,
            does:
                "Budgets, rates and limits on memory, processes and time bound what one server or agent can do; what cannot be decided or written down is refused.",
            lacks: "Failures between agents, and in systems behind a server, are not seen."),
        Control(
            framework: .owaspAgentic, id: "ASI09", name: "Human-Agent Trust Exploitation", extent: .partly,
            does:
                "A person approves the exact call, bound by its digest, on a way that the agent does not control; critical calls need a passphrase.",
            lacks: "A person can be talked into agreeing."),
        Control(
            framework: .owaspAgentic, id: "ASI10", name: "Rogue Agents", extent: .partly,
            does:
                "No call passes without a record, denials are reported, and servers end with their client, all of their processes with them.",
            lacks:
                "Behaviour over time is not judged, and an agent is not stopped: only what it can call and touch is held."
        ),

        Control(
            framework: .nccoe, id: "Identification", name: "Telling agents apart", extent: .partly,
            does:
                "Tokens (Ed25519 or HMAC-SHA256) name the agent, its roles, its servers and an end; who proves nothing is anonymous.",
            lacks: "No directory of agents, no workload attestation (SPIFFE), no federation."),
        Control(
            framework: .nccoe, id: "Authorization", name: "Least privilege for what agents do", extent: .addressed,
            does:
                "Two layers: the box grants a server files, hosts and programs; the policy decides each call by agent, role, tool and arguments.",
            lacks: "OAuth scopes of remote services are theirs; agentbound neither asks for nor narrows them."),
        Control(
            framework: .nccoe, id: "Access delegation", name: "Acting for somebody", extent: .partly,
            does:
                "A person grants a tool, a path, a number of uses and an end, bound to the arguments; grants can be listed and revoked.",
            lacks: "Chains of delegation from user to agent to agent are not represented in tokens."),
        Control(
            framework: .nccoe, id: "Logging and transparency", name: "Who did what, provably", extent: .addressed,
            does:
                "Every decision is in a hash chain with signed heads, with agent, tool, rule, and the digest of the arguments; box events name the tool call in flight.",
            lacks:
                "What a user typed, and what the model thought, is not in it. Without a head kept elsewhere this account can rewrite its own journal."
        ),
        Control(
            framework: .nccoe, id: "Tracking data flows", name: "Where data came from and went", extent: .no,
            does: "Only the hosts and files that each session reached for and was refused, and what results scored.",
            lacks: "Data is not labelled or followed through a model."),
        Control(
            framework: .nccoe, id: "Prompt injection", name: "Preventing and containing it", extent: .partly,
            does:
                "Containing: policy and box hold whatever the model was told. Preventing: scores that can lead to an approval.",
            lacks: "No detection is reliable, and this one says so."),

        Control(
            framework: .nistRMF, id: "GOVERN 1.6", name: "An inventory of AI systems", extent: .partly,
            does: "Journals name each server that ran, with its manifest's digest and command.",
            lacks: "Nothing looks for what runs without agentbound."),
        Control(
            framework: .nistRMF, id: "GOVERN 6.1", name: "Policies for risks of third parties", extent: .partly,
            does: "Manifests and tool policies are files that can be reviewed, versioned and tested.",
            lacks: "Contracts, rights and the rest of an organisation's policies."),
        Control(
            framework: .nistRMF, id: "MAP 3.5", name: "Processes for human oversight", extent: .partly,
            does: "Consent before the first start, approval of calls, and a record of both.",
            lacks: "Who may approve, and their training, is the organisation's."),
        Control(
            framework: .nistRMF, id: "MAP 4.2", name: "Internal controls of third-party components", extent: .addressed,
            does:
                "Each server runs with what was granted alone, held by the kernel; gaps of a kernel are named before anything starts.",
            lacks: "Models and services that are called remotely."),
        Control(
            framework: .nistRMF, id: "MEASURE 2.4", name: "Behaviour is monitored in production", extent: .partly,
            does: "Journal, statistics and reports of calls, denials and scores.",
            lacks: "The quality of what a system answers."),
        Control(
            framework: .nistRMF, id: "MEASURE 2.7", name: "Security and resilience are evaluated", extent: .partly,
            does:
                "A catalogue of attacks with a test for each, built-in attacks that a policy can be replayed against.",
            lacks: "The security of the model, and of the agent around it."),
        Control(
            framework: .nistRMF, id: "MEASURE 2.8", name: "Transparency and accountability", extent: .partly,
            does: "Denials are explained with the rule, and records can be checked by others with a public key.",
            lacks: "Why the model wanted a call is not known."),
        Control(
            framework: .nistRMF, id: "MANAGE 2.4", name: "Ways to disengage a system", extent: .partly,
            does:
                "A policy that denies, a revoked grant, or the end of the client ends what a server can do; no process survives its box.",
            lacks: "Stopping an agent itself is its host's."),
        Control(
            framework: .nistRMF, id: "MANAGE 4.1", name: "Monitoring after deployment", extent: .partly,
            does: "Exports for other tools (JSON, CSV), reports over a span of time.",
            lacks: "No alerts, and no collection from several machines."),
        Control(
            framework: .nistRMF, id: "Everything else", name: "The other subcategories", extent: .no,
            does: "Nothing: they are about organisations, people, models and data.",
            lacks:
                "Fairness, privacy of training data, environmental impact, workforce, feedback from those affected and more."
        ),
    ]
}
