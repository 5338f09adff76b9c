extension RuleText {
    static let javascript = [
        javascriptNode, javascriptMCP, javascriptDeno, javascriptBun, javascriptLibraries, javascriptServices,
        javascriptGuesses,
    ].joined(separator: "\n")

    /// Node.js. Source: the API documentation of nodejs.org, version 22.
    private static let javascriptNode = """
        // Files
        {fs#,fs#promises.,fs-extra#,fs-extra#/esm.,graceful-fs#,mz#/fs.,original-fs#,fs-jetpack#}{readFile,readdir,opendir,readlink,access,stat,lstat,realpath,exists,watch,watchFile,statfs,glob,openAsBlob} | read | reads files or folders | path=0
        {fs#,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}{readFileSync,readdirSync,opendirSync,readlinkSync,accessSync,statSync,lstatSync,realpathSync,existsSync,globSync,createReadStream,ReadStream,FileReadStream,statfsSync,realpath.native,realpathSync.native} | read | reads files or folders | path=0
        {fs-extra#,fs-extra#/esm.}{readJson,readJsonSync,readJSON,readJSONSync,pathExists,pathExistsSync} | read | reads a file | path=0
        {fs#,fs#promises.,fs-extra#,fs-extra#/esm.,graceful-fs#,mz#/fs.,original-fs#}{writeFile,appendFile,mkdir,mkdtemp,mkdtempDisposable,chmod,lchmod,fchmod,chown,lchown,fchown,utimes,futimes,lutimes,symlink,link,truncate} | write | creates or changes files | path=0
        {fs#,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}{writeFileSync,appendFileSync,mkdirSync,mkdtempSync,mkdtempDisposableSync,chmodSync,lchmodSync,fchmodSync,chownSync,lchownSync,fchownSync,utimesSync,futimesSync,lutimesSync,symlinkSync,linkSync,truncateSync,createWriteStream,WriteStream,FileWriteStream,writev,writevSync,ftruncate,ftruncateSync} | write | creates or changes files | path=0
        {fs#,fs#promises.,fs-extra#,fs-extra#/esm.,graceful-fs#,mz#/fs.,original-fs#}{copyFile,cp} | read,write | copies files | path=0
        {fs#,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}{copyFileSync,cpSync} | read,write | copies files | path=0
        {fs-extra#,fs-extra#/esm.}{copy,copySync} | read,write | copies files | path=0
        {fs-extra#,fs-extra#/esm.}{ensureDir,ensureDirSync,mkdirp,mkdirpSync,mkdirs,mkdirsSync,ensureFile,ensureFileSync,ensureLink,ensureLinkSync,ensureSymlink,ensureSymlinkSync,createFile,createFileSync,createLink,createSymlink,outputFile,outputFileSync,outputJson,outputJsonSync,outputJSON,outputJSONSync,writeJson,writeJsonSync,writeJSON,writeJSONSync} | write | creates or changes files | path=0
        {fs-extra#,fs-extra#/esm.}{remove,removeSync,emptyDir,emptyDirSync,emptydir,emptydirSync,move,moveSync} | delete | removes or moves files | path=0
        {fs-extra#,fs-extra#/esm.}{move,moveSync,emptyDir,emptyDirSync} | write | changes a folder | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}{unlink,rm,rmdir} | delete | removes files | path=0
        {fs#,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}{unlinkSync,rmSync,rmdirSync} | delete | removes files | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}rename | delete,write | renames or replaces a file | path=0
        {fs#,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}renameSync | delete,write | renames or replaces a file | path=0
        {fs#,fs#promises.,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}open | read | opens a file for reading | path=0 lacks=1/flags:w,a
        {fs#,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}openSync | read | opens a file for reading | path=0 lacks=1/flags:w,a
        {fs#,fs#promises.,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}open | write | opens a file for writing | path=0 has=1/flags:w,a,+
        {fs#,fs-extra#,graceful-fs#,mz#/fs.,original-fs#}openSync | write | opens a file for writing | path=0 has=1/flags:w,a,+
        fs-jetpack#{inspect,inspectAsync,inspectTree,inspectTreeAsync,list,listAsync,find,findAsync,read,readAsync,existsAsync,createReadStream} | read | reads files or folders | path=0
        fs-jetpack#{append,appendAsync,dir,dirAsync,file,fileAsync,symlink,symlinkAsync,write,writeAsync,tmpDir,tmpDirAsync,createWriteStream} | write | creates or changes files | path=0
        fs-jetpack#{copy,copyAsync} | read,write | copies files | path=0
        fs-jetpack#{remove,removeAsync,move,moveAsync,rename,renameAsync} | delete | removes or moves files | path=0
        process#loadEnvFile | read,env | reads a file of variables
        #process.loadEnvFile | read,env | reads a file of variables
        process#report.writeReport #process.report.writeReport v8#{writeHeapSnapshot,setHeapSnapshotNearHeapLimit} | write | writes a report
        #{globalThis,global,window,self}.process = #process
        #{globalThis,global,window,self}.Bun = #Bun
        #{globalThis,global,window,self}.Deno = #Deno
        // Network
        {http#,https#,http2#}{request,get,connect,ClientRequest} | client | sends an HTTP request | host=0
        {http#,https#,http2#}{createServer,createSecureServer,Server} | server | serves HTTP
        {http#,https#}{Agent,globalAgent} | none | only describes connections
        net#{connect,createConnection,Socket,Stream} tls#{connect,TLSSocket} | client | connects to a host | host=1
        {net#,tls#}{createServer,Server} | server | listens for connections
        dgram#{createSocket,Socket} | client | sends datagrams
        dgram#createSocket().bind | server | receives datagrams on a port | port=0
        dns#{lookup,lookupService,resolve*,reverse,Resolver} dns#promises.{lookup,lookupService,resolve*,reverse,Resolver} | client | looks up names | host=0
        #{fetch,XMLHttpRequest,WebSocket,EventSource,WebSocketStream} | client | connects to a host | host=0
        #{globalThis,global,window,self}.{fetch,WebSocket,EventSource,XMLHttpRequest} | client | connects to a host | host=0
        #navigator.sendBeacon | client | sends a report to a host | host=0
        #navigator.geolocation.** | location | asks where the machine is
        {http,https,http2}#{createServer,createSecureServer}().listen net#createServer().listen | server | listens on a port | port=0
        // Programs
        child_process#{exec,execSync} | exec | starts a shell command | shell=0
        child_process#{spawn,spawnSync,execFile,execFileSync} | exec | starts a program | program=0
        child_process#fork | exec | starts a Node.js process
        cluster#fork | exec | starts worker processes
        cluster#default.fork | exec | starts worker processes
        #process.kill process#kill | process | signals a process | medium
        os#setPriority | process | changes the priority of a process | medium
        #process.execve process#execve | exec | goes on as another program | program=0
        inspector#open | server | waits for a debugger
        mz#/child_process.{exec,execSync} | exec | starts a shell command | shell=0
        mz#/child_process.{spawn,spawnSync,execFile,execFileSync} | exec | starts a program | program=0
        #servedDefault.fetch | server | is served over HTTP by Deno, Bun or a worker's host
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
        litemcp#LiteMCP().start firecrawl-fastmcp#FastMCP().start | server | serves MCP over HTTP | not=0/transportType:stdio
        @hono/mcp#{StreamableHTTPTransport,streamSSE} @hono/mcp#*.StreamableHTTPTransport hono-mcp-server-sse-transport#** | server | serves MCP over HTTP
        mcp-proxy#{startHTTPServer,startSSEServer,startHTTPStreamServer} | server | serves MCP over HTTP | port=0/port
        mcp-proxy#startStdioServer | client | talks to another MCP server
        @smithery/sdk#*.{createStatelessServer,createStatefulServer,createSmitheryUrl} @smithery/sdk#{createStatelessServer,createStatefulServer} | server | serves MCP over HTTP
        @smithery/sdk#{createTransport,createSmitheryUrl} @smithery/sdk#*.createTransport | client | talks to another MCP server
        agents#/mcp.{McpAgent,McpAgent.**,createMcpHandler} @cloudflare/workers-oauth-provider#** | server | serves MCP over HTTP
        @rekog/mcp-nest#** @chatmcp/sdk#*.RestServerTransport muppet#*.** mcp-use#MCPServer().listen | server | serves MCP over HTTP
        mcp-use#{MCPClient,MCPAgent} mcporter#** @langchain/mcp-adapters#** | exec,client | talks to other MCP servers
        fastmcp#{imageContent,audioContent} | read | reads a file | has=path:.,/
        fastmcp#{imageContent,audioContent} | client | fetches a file | has=url:http
        mcp-framework#MCPServer | server | serves MCP over HTTP | says=0/type:sse,http
        """

    /// Deno and its standard library. Source: docs.deno.com/api, jsr.io/@std.
    private static let javascriptDeno = """
        #Deno.{readFile,readFileSync,readTextFile,readTextFileSync,readDir,readDirSync,stat,statSync,lstat,lstatSync,realPath,realPathSync,readLink,readLinkSync,watchFs} | read | reads files or folders | path=0
        #Deno.{open,openSync} | read | opens a file for reading | path=0
        #Deno.{open,openSync} | write | opens a file for writing | path=0 is=1/write:true
        #Deno.{open,openSync} | write | opens a file for writing | path=0 is=1/append:true
        #Deno.{open,openSync} | write | opens a file for writing | path=0 is=1/create:true
        #Deno.{writeFile,writeFileSync,writeTextFile,writeTextFileSync,mkdir,mkdirSync,create,createSync,makeTempDir,makeTempDirSync,makeTempFile,makeTempFileSync,chmod,chmodSync,chown,chownSync,link,linkSync,symlink,symlinkSync,truncate,truncateSync,utime,utimeSync} | write | creates or changes files | path=0
        #Deno.{remove,removeSync} | delete | removes files | path=0
        #Deno.{rename,renameSync} | delete,write | renames a file | path=0
        #Deno.{copyFile,copyFileSync} | read,write | copies a file | path=0
        #Deno.openKv | read,write | opens a store of keys and values | path=0
        #Deno.env.{get,has,toObject} | env | reads environment variables | env=0
        #Deno.env.{set,delete} | setenv | sets environment variables
        #Deno.{Command,run} | exec | starts a program | program=0/cmd
        #Deno.{connect,connectTls,connectQuic,startTls,resolveDns,createHttpClient} | client | connects to a host | host=0/hostname
        #Deno.{serve,listen,listenTls,listenDatagram,serveHttp,QuicEndpoint} | server | listens for connections | port=0/port
        #Deno.kill | process | signals a process
        #Deno.dlopen | none | loads native code | native=0
        {@std/fs#,std#/fs/mod.}{exists,existsSync,walk,walkSync,expandGlob,expandGlobSync} {@std/fs,std}#*.{exists,existsSync,walk,walkSync,expandGlob,expandGlobSync} | read | reads files or folders | path=0
        @std/fs#{ensureDir,ensureDirSync,ensureFile,ensureFileSync,ensureLink,ensureLinkSync,ensureSymlink,ensureSymlinkSync} {@std/fs,std}#*.{ensureDir,ensureDirSync,ensureFile,ensureFileSync,ensureLink,ensureLinkSync,ensureSymlink,ensureSymlinkSync} | write | creates files or folders | path=0
        @std/fs#{copy,copySync} {@std/fs,std}#*.{copy,copySync} | read,write | copies files | path=0
        @std/fs#{move,moveSync,emptyDir,emptyDirSync} {@std/fs,std}#*.{move,moveSync,emptyDir,emptyDirSync} | delete,write | moves or removes files | path=0
        @std/dotenv#{load,loadSync} std#/dotenv/mod.{load,loadSync} @std/dotenv#/load std#/dotenv/load | read,env | reads a file of variables
        @std/http#{serveDir,serveFile} @std/http#*.{serveDir,serveFile} std#*.{serveDir,serveFile} | server,read | serves files over HTTP
        @std/http#serve std#*.{serve,serveTls,listenAndServe} | server | serves HTTP | port=1/port
        @std/log#{FileHandler,RotatingFileHandler} std#*.{FileHandler,RotatingFileHandler} @std/log#*.{FileHandler,RotatingFileHandler} | write | writes a log file
        @logtape/file#{getFileSink,getRotatingFileSink,getStreamFileSink} | write | writes a log file | path=0
        @oak/oak#Application().listen @oak/oak#*.Application().listen oak#*.Application().listen | server | listens on a port | port=0/port
        @db/sqlite#** @db/redis#** | read,write | keeps data in files
        @db/postgres#** @db/mysql#** @db/mongo#** @iuioiua/redis#** | client | talks to a database
        @david/dax#** dax#** | exec | starts programs
        @david/dax#default dax#default | exec | starts a shell command | shell=0
        @astral/astral#** | exec,client | starts and drives a browser
        """

    /// Bun. Source: bun.sh/docs.
    private static let javascriptBun = """
        {#Bun.,bun#}{file,mmap,which} | read | reads a file | path=0
        {#Bun.,bun#}Glob().{scan,scanSync} | read | looks for files
        {#Bun.,bun#}write {#Bun.,bun#}file().writer | write | writes a file | path=0
        {#Bun.,bun#}file().{delete,unlink} | delete | removes a file
        {#Bun.,bun#}{spawn,spawnSync} | exec | starts a program | program=0/cmd
        bun#$ #Bun.$ | exec | starts a shell command | shell=0
        {#Bun.,bun#}openInEditor | exec | opens an editor
        {#Bun.,bun#}{serve,listen} | server | listens for connections | port=0/port
        {#Bun.,bun#}{connect,udpSocket} | client | connects to a host | host=0/hostname
        {#Bun.,bun#}dns.{lookup,prefetch} | client | looks up names | host=0
        {#Bun.,bun#}{sql,SQL,redis,RedisClient,s3,S3Client}.** {#Bun.,bun#}{sql,SQL,redis,RedisClient,s3,S3Client} | client | talks to a database or store
        {#Bun.,bun#}build | read,write | builds a program
        #Bun.env.** bun#env.** | setenv | sets an environment variable | assigned
        bun#env bun#env.** | env | reads environment variables
        bun:sqlite#** | read,write | keeps an SQLite database
        """
}
