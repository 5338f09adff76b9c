extension RuleText {
    static let javascript = [javascriptNode, javascriptMCP, javascriptDeno, javascriptLibraries].joined(separator: "\n")

    /// Node.js. Source: the API documentation of nodejs.org, version 22.
    private static let javascriptNode = """
        // Files
        {fs#,fs#promises.,fs-extra#,graceful-fs#,fs-jetpack#}{readFile,readdir,opendir,readlink,access,stat,lstat,realpath,exists,watch,watchFile,statfs,glob,openAsBlob} | read | reads files or folders | path=0
        {fs#,fs-extra#,graceful-fs#}{readFileSync,readdirSync,opendirSync,readlinkSync,accessSync,statSync,lstatSync,realpathSync,existsSync,globSync,createReadStream,ReadStream,statfsSync,realpath.native,realpathSync.native} | read | reads files or folders | path=0
        fs-extra#{readJson,readJsonSync,readJSON,readJSONSync,pathExists,pathExistsSync} | read | reads a file | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#}{writeFile,appendFile,mkdir,mkdtemp,chmod,chown,lchown,utimes,lutimes,symlink,link,truncate} | write | creates or changes files | path=0
        {fs#,fs-extra#,graceful-fs#}{writeFileSync,appendFileSync,mkdirSync,mkdtempSync,chmodSync,chownSync,utimesSync,symlinkSync,linkSync,truncateSync,createWriteStream,WriteStream,writev,writevSync,ftruncate,ftruncateSync} | write | creates or changes files | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#}{copyFile,cp} | read,write | copies files | path=0
        {fs#,fs-extra#,graceful-fs#}{copyFileSync,cpSync} | read,write | copies files | path=0
        fs-extra#{copy,copySync} | read,write | copies files | path=0
        fs-extra#{ensureDir,ensureDirSync,mkdirp,mkdirpSync,mkdirs,mkdirsSync,ensureFile,ensureFileSync,createFile,outputFile,outputFileSync,outputJson,outputJsonSync,outputJSON,writeJson,writeJsonSync,writeJSON,writeJSONSync} | write | creates or changes files | path=0
        fs-extra#{remove,removeSync,emptyDir,emptyDirSync,move,moveSync} | delete | removes or moves files | path=0
        fs-extra#{move,moveSync,emptyDir,emptyDirSync} | write | changes a folder | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#}{unlink,rm,rmdir} | delete | removes files | path=0
        {fs#,fs-extra#,graceful-fs#}{unlinkSync,rmSync,rmdirSync} | delete | removes files | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#}rename | delete,write | renames or replaces a file | path=0
        {fs#,fs-extra#,graceful-fs#}renameSync | delete,write | renames or replaces a file | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#}open | read | opens a file for reading | path=0 lacks=1/flags:w,a
        {fs#,fs-extra#,graceful-fs#}openSync | read | opens a file for reading | path=0 lacks=1/flags:w,a
        {fs#,fs#promises.,fs-extra#,graceful-fs#}open | write | opens a file for writing | path=0 has=1/flags:w,a,+
        {fs#,fs-extra#,graceful-fs#}openSync | write | opens a file for writing | path=0 has=1/flags:w,a,+
        process#loadEnvFile | read,env | reads a file of variables
        #process.loadEnvFile | read,env | reads a file of variables
        // Network
        {http#,https#,http2#}{request,get,connect} | client | sends an HTTP request | host=0
        {http#,https#,http2#}{createServer,createSecureServer,Server} | server | serves HTTP
        {http#,https#}{Agent,globalAgent} | none | only describes connections
        net#{connect,createConnection,Socket,Stream} tls#{connect,TLSSocket} | client | connects to a host | host=1
        {net#,tls#}{createServer,Server} | server | listens for connections
        dgram#{createSocket,Socket} | client | sends datagrams
        dgram#createSocket().bind | server | receives datagrams on a port | port=0
        dns#{lookup,resolve*,reverse,Resolver} dns#promises.{lookup,resolve*,reverse,Resolver} | client | looks up names | host=0
        #{fetch,XMLHttpRequest,WebSocket,EventSource,WebSocketStream} | client | connects to a host | host=0
        #globalThis.{fetch,WebSocket,EventSource} | client | connects to a host | host=0
        #navigator.geolocation.** | location | asks where the machine is
        {http,https,http2}#{createServer,createSecureServer}().listen net#createServer().listen | server | listens on a port | port=0
        // Programs
        child_process#{exec,execSync} | exec | starts a shell command | shell=0
        child_process#{spawn,spawnSync,execFile,execFileSync} | exec | starts a program | program=0
        child_process#fork | exec | starts a Node.js process
        cluster#fork | exec | starts worker processes
        cluster#default.fork | exec | starts worker processes
        #process.kill process#kill | process | signals a process | medium
        // Environment
        #process.env process#env #Bun.env | env | reads environment variables
        #process.env.** process#env.** #Bun.env.** | env | reads an environment variable | env=0
        #process.env.** process#env.** | setenv | sets an environment variable | assigned
        #process.env.** process#env.** | setenv | removes an environment variable | removed
        // Code from text
        #{eval,Function} vm#{runInThisContext,runInNewContext,runInContext,compileFunction,Script} | none | runs text as code | code=0
        """

    /// The MCP SDKs. Transports over standard streams need nothing.
    private static let javascriptMCP = """
        @modelcontextprotocol/sdk#*.{SSEServerTransport,StreamableHTTPServerTransport,WebSocketServerTransport} | server | serves MCP over HTTP
        @modelcontextprotocol/{node,express,hono,fastify,server}#{NodeStreamableHTTPServerTransport,WebStandardStreamableHTTPServerTransport,StreamableHTTPServerTransport,createMcpExpressApp,createMcpHonoApp,mcpAuthRouter} | server | serves MCP over HTTP
        @modelcontextprotocol/sdk#*.{WebStandardStreamableHTTPServerTransport,createMcpExpressApp,mcpAuthRouter} | server | serves MCP over HTTP
        @modelcontextprotocol/sdk#*.{SSEClientTransport,StreamableHTTPClientTransport,WebSocketClientTransport} | client | talks to another MCP server | host=0
        @modelcontextprotocol/sdk#*.StdioClientTransport | exec | starts another MCP server | program=0/command
        @modelcontextprotocol/sdk#*.{ProxyOAuthServerProvider} | client | asks an authorization server
        fastmcp#FastMCP().start | server | serves MCP over HTTP | not=0/transportType:stdio
        mcp-framework#MCPServer | server | serves MCP over HTTP | says=0/type:sse,http
        """

    /// Deno and Bun. Source: docs.deno.com/api, bun.sh/docs.
    private static let javascriptDeno = """
        #Deno.{readFile,readFileSync,readTextFile,readTextFileSync,readDir,readDirSync,stat,statSync,lstat,lstatSync,realPath,realPathSync,readLink,watchFs} | read | reads files or folders | path=0
        #Deno.{open,openSync} | read | opens a file for reading | path=0
        #Deno.{writeFile,writeFileSync,writeTextFile,writeTextFileSync,mkdir,mkdirSync,create,createSync,makeTempDir,makeTempFile,chmod,symlink,truncate} | write | creates or changes files | path=0
        #Deno.{remove,removeSync} | delete | removes files | path=0
        #Deno.{rename,renameSync} | delete,write | renames a file | path=0
        #Deno.{copyFile,copyFileSync} | read,write | copies a file | path=0
        #Deno.env.{get,has,toObject} | env | reads environment variables | env=0
        #Deno.env.{set,delete} | setenv | sets environment variables
        #Deno.{Command,run} | exec | starts a program | program=0/cmd
        #Deno.{connect,connectTls,resolveDns} | client | connects to a host | host=0/hostname
        #Deno.{serve,listen,listenTls,serveHttp} | server | listens for connections
        #Deno.kill | process | signals a process
        #Deno.dlopen | none | loads native code | code=9
        #Bun.{file} | read | reads a file | path=0
        #Bun.write | write | writes a file | path=0
        #Bun.{spawn,spawnSync} | exec | starts a program | program=0
        bun#$ #Bun.$ | exec | starts a shell command | shell=0
        #Bun.{serve,listen} | server | listens for connections
        #Bun.connect | client | connects to a host
        bun:sqlite#** | read,write | keeps an SQLite database
        """
}
