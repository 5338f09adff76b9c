import ManifestModel
import Testing

@testable import ManifestGen

@Suite("Ruby")
struct RubyTests {
    private func needs(_ code: String, also files: [String: String] = [:]) -> [String] {
        MemoryTree(files.merging(["main.rb": code]) { first, _ in first }).needs
    }

    @Test("Calls with and without brackets, with blocks, and with blanks before signs")
    func calls() {
        #expect(needs("File.read(path)") == ["filesystem.read"])
        #expect(needs("text = File.read path if ok") == ["filesystem.read"])
        #expect(needs("File.open(p, \"w\") { |f| f.puts 1 }") == ["filesystem.write"])
        #expect(needs("File.open p, 'w' do |f|\n  f << 1\nend") == ["filesystem.write"])
        #expect(needs("::File.delete(p)") == ["filesystem.delete"])
        #expect(needs("def start\n  system \"ls\"\nend") == ["system.exec", "filesystem.read"].sorted(by: Self.order))
        #expect(
            needs("def ready?\n  system('true')\nend\ndef x = 1\nENV['A']")
                == ["system.exec", "system.env.read"].sorted(by: Self.order))
    }
    private static let all = Permission.allCases.map(\.shortName)
    private static func order(_ a: String, _ b: String) -> Bool { all.firstIndex(of: a)! < all.firstIndex(of: b)! }

    @Test("Backticks and %x run programs; %w, %q and symbols run none")
    func literals() {
        #expect(needs("x = `true`") == ["system.exec"])
        #expect(needs("x = %x{true}") == ["system.exec"])
        #expect(needs("x = %w[system `ls`]\ny = %q(system('ls'))\nz = :system\nh = {system: 1}") == [])
        #expect(MemoryTree(["main.rb": "Open3.capture3(*%w[curl x])"]).draft.needed == [.exec, .networkClient])
        #expect(needs("list = ENV['A'].split(',')") == ["system.env.read"])
        #expect(needs("puts /File.delete(\"/ ; x = 5 / 2 ; File.delete(\"a\")") == ["filesystem.delete"])
        #expect(needs("a = b % c ; d = 7 % (e) ; File.delete(a)") == ["filesystem.delete"])
    }

    @Test("Here-documents are texts, and arguments")
    func heredocs() {
        #expect(needs("x = <<~A + <<~'B'\n  File.delete(p)\nA\n  system(\"ls\")\nB\nENV[\"X\"]") == ["system.env.read"])
        let found = MemoryTree(["main.rb": "system(<<~CMD)\n  curl https://a.example\nCMD\n"]).draft
        #expect(found.needed == [.exec, .networkClient])
        #expect(needs("File.read(p)\n__END__\nFile.delete(p)\n\"") == ["filesystem.read"])
        #expect(needs("=begin\nFile.delete(p)\n=end\nFile.read(p)") == ["filesystem.read"])
        #expect(
            needs("s = \"#{File.read(p)} #{\"#{ENV['A']}\"}\"")
                == ["filesystem.read", "system.env.read"].sorted(by: Self.order))
    }

    @Test("Instance variables, readers and constants have types")
    func types() {
        let code =
            "class A\n  attr_reader :http\n  def initialize(u)\n    @http = Net::HTTP.new(u)\n  end\n  def go\n    http.request(x)\n  end\nend\n"
        #expect(needs(code) == ["network.client"])
        #expect(
            needs(
                "class A\n  def self.go\n    client.get('/')\n  end\n  def self.client\n    @c ||= Faraday.new(url: 'https://a.example')\n  end\nend"
            ) == ["network.client"])
        #expect(needs("ROOT = Pathname.new('.')\nROOT.write('x')") == ["filesystem.write"])
    }

    @Test("A class of the program is not the library's; the language's own may be opened again")
    func own() {
        #expect(needs("module A\n  class File\n    def self.delete(x)\n    end\n  end\n  File.delete(1)\nend") == [])
        #expect(
            needs("module A\n  class Redis\n  end\nend\nA::Redis.new", also: ["b.rb": "module A\n  Redis.new\nend"])
                == [])
        #expect(needs("Acme::Client.new(key)") == ["network.client"])
        #expect(needs("Acme::Client.new(key)", also: ["b.rb": "module Acme\n  class Client\n  end\nend"]) == [])
        #expect(needs("class File\n  def x\n  end\nend\nFile.delete(1)") == ["filesystem.delete"])
        #expect(needs("class A\n  def system(x)\n  end\n  def y\n    system(1)\n  end\nend") == [])
    }

    @Test("What require names is read, and what a loader finds")
    func files() {
        let gem = [
            "a.gemspec": "Gem::Specification.new do |s|\n  s.name = 'a'\n  s.add_dependency 'fast-mcp'\nend",
            "exe/a": "#!/usr/bin/env ruby\nrequire 'a'\nA.run",
        ]
        func tree(_ files: [String: String]) -> [String] { MemoryTree(gem.merging(files) { first, _ in first }).needs }
        #expect(
            tree(["lib/a.rb": "require_relative 'a/b'", "lib/a/b.rb": "File.delete(p)", "lib/a/c.rb": "File.read(p)"])
                == ["filesystem.delete"])
        #expect(
            tree(["lib/a.rb": "require 'zeitwerk'\nZeitwerk::Loader.for_gem.setup", "lib/a/c.rb": "File.read(p)"]) == [
                "filesystem.read"
            ])
        #expect(
            tree([
                "lib/a.rb": "Dir[File.join(__dir__, 'a', '*.rb')].each { |f| require f }",
                "lib/a/c.rb": "File.delete(p)",
            ]) == ["filesystem.read", "filesystem.delete"])
        #expect(
            tree(["lib/a.rb": "autoload :C, 'a/c'", "lib/a/c.rb": "File.delete(p)", "spec/a_spec.rb": "system('x')"])
                == ["filesystem.delete"])
    }

    @Test("Methods end where they end")
    func ends() {
        // A variable of one method is none of the next: modifiers and one-liners open nothing.
        let code =
            "def a(system)\n  x = 1 if system\n  y while false\n  begin; end until true\n  z = if x then 1 else 2 end\nend\ndef b = 1\ndef c\n  system('true')\nend\n"
        #expect(needs(code) == ["system.exec"])
    }

    @Test("Tools are classes")
    func tools() {
        let code =
            "class ReadTool < MCP::Tool\n  tool_name 'read_it'\n  def self.call(path:)\n    File.read(path)\n  end\nend\nclass KillIt < FastMcp::Tool\n  def call\n    File.delete('x')\n  end\nend\n"
        let tools = MemoryTree(["main.rb": code]).draft.manifest.tools
        #expect(tools.map(\.name) == ["read_it", "kill_it"])
        #expect(tools.map(\.permissions) == [[.filesystemRead], [.filesystemDelete]])
    }

    @Test("A Gemfile beside another language's package is no program")
    func beside() {
        let tree = MemoryTree([
            "package.json": "{\"name\": \"a\", \"bin\": \"a.js\"}", "a.js": "process.env.A", "b.js": "",
            "Gemfile": "gem 'fastlane'",
            "deploy.rb": "File.delete('x')",
        ])
        #expect(tree.needs == ["system.env.read"])
    }
}
