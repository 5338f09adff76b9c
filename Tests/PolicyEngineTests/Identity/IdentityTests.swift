import PolicyEngine
import Signatures
import StrictJSON
import Testing

@Suite struct IdentityTests {
    private let now: Int64 = 1_790_000_000
    private let issuing = IssuingKey.ed25519(Ed25519.SigningKey(seed: [UInt8](repeating: 7, count: 32))!)
    private let mac = IssuingKey.hmacSHA256(HMACSHA256(key: [UInt8](repeating: 9, count: 32))!)

    private func token(_ change: (inout AgentToken) -> Void = { _ in }) -> AgentToken {
        var token = AgentToken(
            agent: "builder", roles: ["deploy", "read"], audience: ["files"], issuedAt: now - 10, expires: now + 600)
        change(&token)
        return token
    }

    private func verifier(_ keys: IssuingKey..., gate: Bool = false) -> IdentityVerifier {
        IdentityVerifier(keys: keys.map(\.verifying), server: "files", acceptsGateTokens: gate)
    }

    private func problem(_ token: String, _ verifier: IdentityVerifier) -> IdentityProblem? {
        do throws(IdentityProblem) {
            _ = try verifier.verify(token, now: now)
            return nil
        } catch { return error }
    }

    /// A token of any header and claims, with a signature that fits.
    private func forged(_ header: String, _ claims: String, _ key: IssuingKey) -> String {
        let input = Base64.urlText(Array(header.utf8)) + "." + Base64.urlText(Array(claims.utf8))
        let signature: [UInt8]
        switch key {
        case .ed25519(let key): signature = key.signature(of: Array(input.utf8))
        case .hmacSHA256(let key): signature = key.code(of: Array(input.utf8))
        }
        return input + "." + Base64.urlText(signature)
    }

    @Test("A token proves its agent with either scheme, also among other keys")
    func proves() throws {
        for key in [issuing, mac] {
            let agent = try verifier(issuing, mac).verify(token().signed(with: key), now: now)
            #expect(agent == AgentIdentity(id: "builder", roles: ["deploy", "read"]) && agent.isProven)
        }
    }

    @Test("Times, audience and keys are held to")
    func held() {
        let one = verifier(issuing)
        #expect(
            problem(token { ($0.issuedAt, $0.expires) = (now - 900, now - 61) }.signed(with: issuing), one) == .expired)
        #expect(problem(token { ($0.issuedAt, $0.expires) = (now - 900, now - 50) }.signed(with: issuing), one) == nil)
        #expect(problem(token { $0.issuedAt = now + 61 }.signed(with: issuing), one) == .fromTheFuture)
        #expect(problem(token { $0.issuedAt = now - 90_000 }.signed(with: issuing), one) == .tooOld)
        #expect(problem(token { $0.audience = ["mail"] }.signed(with: issuing), one) == .wrongAudience)
        #expect(problem(token { $0.audience = [] }.signed(with: issuing), one) == .wrongAudience)
        #expect(problem(token { $0.audience = ["mail", "files"] }.signed(with: issuing), one) == nil)
        #expect(problem(token().signed(with: mac), one) == .unknownKey)
        #expect(problem(token().signed(with: .ed25519(Ed25519.SigningKey())), one) == .unknownKey)
    }

    @Test("No scheme passes for another: the public key is no secret, and the header chooses nothing")
    func confusion() throws {
        guard case .ed25519(let key) = issuing else { return }
        let id = key.publicKey.id
        // The classic: a code made with the public key's bytes, or its text, as the secret.
        for secret in [key.publicKey.bytes, Array(key.publicKey.pem.utf8)] {
            let stolen = IssuingKey.hmacSHA256(try #require(HMACSHA256(key: secret)))
            for header in [#"{"alg":"HS256","kid":"\#(id)"}"#, #"{"alg":"EdDSA","kid":"\#(id)"}"#, #"{"alg":"HS256"}"#]
            {
                let problem = problem(
                    forged(header, #"{"sub":"root","aud":"files","iat":1789999990,"exp":1790000600}"#, stolen),
                    verifier(issuing))
                #expect(problem == .wrongScheme || problem == .badSignature)
            }
        }
        for header in [
            #"{"alg":"none"}"#, #"{"alg":"NONE"}"#, "{}", #"{"alg":["EdDSA"]}"#, #"{"alg":"EdDSA","alg":"none"}"#,
            #"{"alg":"EdDSA","crit":["exp"]}"#, #"{"alg":"EdDSA","jwk":{}}"#, #"{"alg":"EdDSA","b64":false}"#,
            #"{"alg":"EdDSA","typ":"JWE"}"#,
            #"{"alg":"EdDSA","kid":"../../etc/passwd"}"#, #"{"alg":"EdDSA","kid":7}"#, "[]", "", "null",
        ] {
            let text = forged(header, #"{"sub":"a","aud":"files","iat":1789999990,"exp":1790000600}"#, issuing)
            #expect(problem(text, verifier(issuing)) != nil, "\(header)")
        }
        #expect(
            problem(
                forged(#"{"alg":"EdDSA"}"#, #"{"sub":"a","aud":"files","iat":1789999990,"exp":1790000600}"#, issuing),
                verifier(issuing)) == nil)
    }

    @Test(
        "Claims that lack something, or have too much of it, prove nothing",
        arguments: [
            #"{"aud":"files","iat":1789999990,"exp":1790000600}"#,
            #"{"sub":"","aud":"files","iat":1789999990,"exp":1790000600}"#,
            #"{"sub":"a\nb","aud":"files","iat":1789999990,"exp":1790000600}"#,
            #"{"sub":7,"aud":"files","iat":1789999990,"exp":1790000600}"#,
            #"{"sub":"a","aud":"files","exp":1790000600}"#, #"{"sub":"a","aud":"files","iat":1789999990}"#,
            #"{"sub":"a","aud":"files","iat":1.789999990e9,"exp":1790000600}"#,
            #"{"sub":"a","aud":"files","iat":"1789999990","exp":1790000600}"#,
            #"{"sub":"a","aud":"files","iat":1789999990,"exp":1789999990}"#,
            #"{"sub":"a","aud":"files","iat":1789999990,"exp":9223372036854775807}"#,
            #"{"sub":"a","aud":"files","iat":-5,"exp":1790000600}"#,
            #"{"sub":"a","sub":"b","aud":"files","iat":1789999990,"exp":1790000600}"#,
            #"{"sub":"a","aud":"files","roles":"admin","iat":1789999990,"exp":1790000600}"#,
            #"{"sub":"a","aud":"files","roles":[1],"iat":1789999990,"exp":1790000600}"#,
            #"{"sub":"a","aud":{"files":1},"iat":1789999990,"exp":1790000600}"#,
            #"{"sub":"a","aud":"files","nbf":1790000100,"iat":1789999990,"exp":1790000600}"#,
        ])
    func claims(claims: String) {
        #expect(problem(forged(#"{"alg":"EdDSA"}"#, claims, issuing), verifier(issuing)) != nil)
    }

    @Test("A token that was seen costs no signature again, until it ends; and nothing bad gets good by waiting")
    func remembered() throws {
        var known = KnownTokens(verifier(issuing))
        func problem(_ text: String, at now: Int64) -> IdentityProblem? {
            do throws(IdentityProblem) {
                _ = try known.agent(text, now: now)
                return nil
            } catch { return error }
        }
        let good = token { $0.expires = now + 100 }.signed(with: issuing)
        for seconds in Int64(0)..<160 { #expect(problem(good, at: now + seconds) == nil) }
        #expect(known.checks == 1)
        #expect(problem(good, at: now + 160) == .expired)
        #expect(problem(good, at: now + 9_000) == .expired)
        #expect(known.checks == 2)
        // A clock that went back proves nothing by what it knew later.
        #expect(problem(good, at: now - 500) == .fromTheFuture)
        #expect(problem(good, at: now - 500) == .fromTheFuture)
        #expect(problem(good, at: now) == nil)
        #expect(known.checks == 5)
        let forged = token().signed(with: .ed25519(Ed25519.SigningKey()))
        for _ in 0..<3 { #expect(problem(forged, at: now) == .unknownKey) }
        #expect(known.checks == 6)
        let old = token { ($0.issuedAt, $0.expires) = (now - 86_300, now + 9_000) }.signed(with: issuing)
        #expect(problem(old, at: now) == nil)
        #expect(problem(old, at: now + 160) == nil)
        #expect(problem(old, at: now + 161) == .tooOld)
        #expect(problem(String(repeating: "x", count: 9_000), at: now) == .malformed("too long"))
    }

    @Test("However many tokens come, few are kept")
    func bounded() {
        var known = KnownTokens(verifier(issuing))
        for number in 0..<1_000 { _ = try? known.agent("x\(number)", now: now) }
        #expect(known.checks == 1_000)
        _ = try? known.agent("x999", now: now)
        _ = try? known.agent("x0", now: now)
        #expect(known.checks == 1_001, "the last is known, the first is not")
    }

    @Test("Every change of a character breaks a token, and so does half of one")
    func everyCharacter() {
        let text = token().signed(with: issuing)
        for index in text.indices {
            var changed = text
            changed.replaceSubrange(index...index, with: text[index] == "A" ? "B" : "A")
            #expect(problem(changed, verifier(issuing)) != nil)
            #expect(problem(String(text[..<index]), verifier(issuing)) != nil)
        }
        #expect(problem(text + ".", verifier(issuing)) != nil && problem(" " + text, verifier(issuing)) != nil)
        #expect(problem(String(repeating: "a", count: 100_000), verifier(issuing)) == .malformed("too long"))
    }

    @Test("mcp-gate's tokens count when asked for, for an hour, and with the key's scheme only")
    func gate() throws {
        func text(_ payload: String, _ scheme: String, _ key: IssuingKey) -> String {
            let signature: [UInt8]
            switch key {
            case .ed25519(let key): signature = key.signature(of: Array(payload.utf8))
            case .hmacSHA256(let key): signature = key.code(of: Array(payload.utf8))
            }
            return "\(Hex.text(Array(payload.utf8))).\(scheme).\(Hex.text(signature))"
        }
        let payload = #"{"agent_id":"bot","claims":{},"issued_at":1789999990.5,"roles":["a"]}"#
        #expect(
            try verifier(issuing, gate: true).verify(text(payload, "ed25519", issuing), now: now)
                == AgentIdentity(id: "bot", roles: ["a"]))
        #expect(try verifier(mac, gate: true).verify(text(payload, "hmac-sha256", mac), now: now).id == "bot")
        #expect(problem(text(payload, "ed25519", issuing), verifier(issuing)) != nil)
        #expect(problem(text(payload, "hmac-sha256", mac), verifier(issuing, gate: true)) == .wrongScheme)
        #expect(problem(text(payload, "ed25519", mac), verifier(issuing, mac, gate: true)) == .badSignature)
        let future = #"{"agent_id":"bot","issued_at":1790000100,"roles":[]}"#,
            old = #"{"agent_id":"bot","issued_at":1789996000,"roles":[]}"#
        #expect(problem(text(future, "ed25519", issuing), verifier(issuing, gate: true)) == .fromTheFuture)
        #expect(problem(text(old, "ed25519", issuing), verifier(issuing, gate: true)) == .expired)
    }
}
