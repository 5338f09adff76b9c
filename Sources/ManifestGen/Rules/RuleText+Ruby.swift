extension RuleText {
    static let ruby = [rubyStandard, rubyLibraries].joined(separator: "\n")

    /// The core and the standard library. Source: docs.ruby-lang.org, Ruby 3.4.
    private static let rubyStandard = """
        #Pathname.{pwd(),getwd()} = #Pathname()
        #File.open() = #File()
        #Net.HTTP.start() = #Net.HTTP()
        // Files
        #File.{read,readlines,foreach,binread,exist?,file?,directory?,readable?,writable?,executable?,size,size?,zero?,empty?,stat,lstat,mtime,ctime,atime,birthtime,ftype,symlink?,readlink,realpath,realdirpath,identical?,world_readable?} #IO.{read,readlines,foreach,binread} #FileTest.** | read | reads files or folders | path=0
        #File.open #IO.{open,sysopen} #File | read | opens a file | path=0 called missing=1
        #File.open #File | read | opens a file | path=0 called says=1:r,+
        #File.open #File | write | opens a file for writing | path=0 called says=1:w,a,+,x
        #File.{write,binwrite,truncate,chmod,lchmod,chown,lchown,utime,symlink,link,mkfifo} #IO.{write,binwrite,copy_stream} | write | creates or changes files | path=0
        #File.{delete,unlink} | delete | removes files | path=0
        #File.rename | write,delete | renames a file | path=0
        #Dir.{glob,entries,children,each_child,foreach,exist?,empty?,open} #Dir #Find.find | read | reads folders | path=0 called
        #Dir[] | read | reads folders
        #Dir.{mkdir,mktmpdir} #Tempfile.{create,open} #Tempfile | write | creates files or folders | path=0 called
        #Dir.{rmdir,delete,unlink} | delete | removes a folder | path=0
        #FileUtils.{mkdir,mkdir_p,mkpath,makedirs,touch,cp,copy,cp_r,copy_file,copy_entry,copy_stream,install,ln,ln_s,ln_sf,link_entry,chmod,chmod_R,chown,chown_R} | write | creates or changes files | path=0
        #FileUtils.{cp,copy,cp_r,copy_file,copy_entry,install,compare_file,cmp,identical?,uptodate?} | read | reads files | medium
        #FileUtils.{rm,remove,rm_f,safe_unlink,rm_r,rm_rf,rmtree,rmdir,remove_entry,remove_entry_secure,remove_dir,remove_file} | delete | removes files | path=0
        #FileUtils.{mv,move} | write,delete | moves files | path=0
        #Pathname().{read,binread,readlines,each_line,exist?,file?,directory?,children,each_child,entries,glob,each_entry,find,size,stat,mtime,realpath,readlink,symlink?,empty?,readable?} #Pathname.glob | read | reads files or folders
        #Pathname().{write,binwrite,mkpath,mkdir,make_symlink,chmod,utime} | write | creates or changes files
        #Pathname().{delete,unlink,rmtree,rmdir} | delete | removes files
        #Pathname().rename | write,delete | renames a file
        #YAML.{load_file,safe_load_file,unsafe_load_file} #Psych.{load_file,safe_load_file} #JSON.load_file #CSV.{read,foreach,open,table} #PStore #YAML.Store #SDBM.open #DBM.open #Marshal.load_file | read | reads a file | path=0
        #PStore #YAML.Store #SDBM.open #DBM.open | write | keeps data in a file | path=0
        #CSV.open | write | writes a file | says=1:w,a
        #Logger | write | writes a log file | medium says=0:.log,path,Path,file
        // Network
        #Net.HTTP.{get,get_response,post,post_form,put,start,get_print} #OpenURI.** #URI.open | client | sends HTTP requests | host=0
        #Net.HTTP | client | sends HTTP requests | host=0 called
        #Net.HTTP().{get,post,put,patch,delete,request,start,head,request_get,request_post} | client | sends an HTTP request
        #Net.HTTP.{Get,Post,Put,Patch,Delete,Head} | client | describes an HTTP request | called medium
        #open | client | requests a URL | says=0:http://,https:// host=0
        #open | read | opens a file | lacks=0:http://,https:// path=0 medium
        #{TCPSocket,UDPSocket,Socket.tcp,TCPSocket.open,Socket.udp} #Net.{FTP,SMTP,POP3,IMAP,Telnet,LDAP} #Net.{SMTP,FTP}.{start,open} #Resolv.getaddress #Resolv.DNS #Addrinfo.{tcp,getaddrinfo} #Socket.getaddrinfo #IPSocket.getaddress #DRbObject #XMLRPC.Client #SOAP.** | client | connects to a host | called host=0
        #{TCPServer,UDPServer,UNIXServer} #TCPServer.open #Socket.{tcp_server_loop,tcp_server_sockets,udp_server_loop} #WEBrick.{HTTPServer,GenericServer,HTTPProxyServer} #DRb.start_service | server | listens for connections | called
        // Programs
        #system #Kernel.{system,spawn,exec,`} #Process.{spawn,exec} #spawn #exec #Open3.{capture3,capture2,capture2e,popen3,popen2,popen2e} #PTY.{spawn,getpty} #IO.popen #Open3.pipeline* | exec | starts a program | shell=0
        #fork #Kernel.fork #Process.{fork,daemon} | exec | splits off a process | low
        #Process.kill | process | signals processes | medium
        #Process.{getpgid,getpriority,setpriority} | process | looks at processes | low
        #Fiddle.** #FFI.Library #DL.** | exec | loads native code | low
        #eval #instance_eval #class_eval #Kernel.eval #Binding().eval | none | runs text as code | code=0
        // Environment
        #ENV.{fetch,key?,has_key?,include?,dig,member?} | env | reads an environment variable | env=0
        #ENV[] | env | reads an environment variable | env=0
        #ENV.{to_h,to_hash,each,each_pair,keys,values,select,slice,filter,reject,find,map,values_at,inspect,dup,clone} | env | reads environment variables
        #ENV[] | setenv | sets an environment variable | assigned
        #ENV.{store,delete,update,replace,clear,merge!,delete_if,keep_if} | setenv | changes environment variables
        #Etc.** #Dir.home | none | asks the system
        """

    /// Gems, by the constants that they declare.
    private static let rubyLibraries = """
        // HTTP clients
        #{Faraday,HTTParty,RestClient,Typhoeus,Excon,HTTP,HTTPX,Curl,Patron,Mechanize,Down,HTTPClient,Savon,GraphQL.Client,Async.HTTP,Weary,Unirest,Manticore,Nestful}.** | client | talks to other hosts
        #{Faraday.Error,Faraday.ClientError,Faraday.ServerError,Faraday.ConnectionFailed,Faraday.TimeoutError,RestClient.Exception,RestClient.ExceptionWithResponse,HTTP.Error,HTTP.TimeoutError,HTTPX.Error,Faraday.Middleware,Faraday.Response,Excon.Error}.** | none | makes no connection
        #{Faraday.get,Faraday.post,HTTParty.get,HTTParty.post,HTTParty.put,HTTParty.delete,RestClient.get,RestClient.post,RestClient.put,RestClient.delete,Typhoeus.get,Excon.get,HTTP.get,HTTP.post,HTTPX.get} | client | sends an HTTP request | host=0
        #Faraday | client | sends HTTP requests | host=0/url called
        #HTTParty | client | sends HTTP requests
        #Down.download | write | downloads a file
        #*.Client #*.*.Client | client | talks to a service, as the class's name says | called medium
        // Services
        #{Aws,Google.Cloud,Google.Apis,Azure,Octokit,Gitlab,Slack.Web.Client,Slack.RealTime,Discordrb,Telegram.Bot,Stripe,Twilio.REST,SendGrid,Mailgun,Postmark,Jira.Client,JIRA.Client,Linear,Notion.Client,Trello,Zendesk,Dropbox,Spotify,RSpotify,Twitter.REST,X.Client,Shopify,ShopifyAPI,OpenAI,Anthropic,RubyLLM,Ollama,Gemini,Cohere,Langchain,Algolia,Pusher,Algoliasearch,Cloudinary,Fog,DropletKit,HerokuPlatformApi,PlatformAPI,Kubeclient,K8s.Client,Docker,Bunny,Kafka,NATS,MQTT.Client,Stomp,Mail.deliver,Pony,GitHub,Contentful,Airtable,Airrecord,Asana,Todoist,Hubspot,Restforce,Intercom,Plaid,Braintree,Recurly,Yt,Wikipedia,Geocoder,Whois,Resend,Gmail,Basecamp,Harvest,Todoist.Client,FeedNormalizer,Feedjira.Feed,Gemnasium,Gems}.** | client | talks to a service
        #Gem.SpecFetcher.** #Gem.RemoteFetcher.** | client | asks a package registry
        #Langchain.{Tool,Assistant}.** | none | makes no connection
        #Aws.{Errors,SharedCredentials,Credentials}.** | none | makes no connection
        // Databases
        #{PG,Mysql2,Mysql,TinyTds,OCI8,Mongo,Redis,RedisClient,ConnectionPool.Redis,Elasticsearch.Client,OpenSearch.Client,Neo4j,ClickHouse,Cassandra,InfluxDB2,Dalli,Trilogy,Snowflake,QdrantClient,Qdrant,Weaviate,Pinecone,Chroma,Meilisearch,MeiliSearch,Typesense,Couchbase,RethinkDB,Presto,Trino}.** | client | talks to a database
        #{PG.Error,PG.ConnectionBad,Mysql2.Error,Redis.BaseError,Redis.CannotConnectError,PG.UndefinedTable,TinyTds.Error,Mongo.Error}.** #PG.TextDecoder.** #PG.BasicTypeMapForResults.** | none | makes no connection
        #Sequel.{connect,postgres,mysql2,tinytds} #ActiveRecord.Base.establish_connection #ROM.container #DataMapper.setup | client | talks to a database | host=0
        #Sequel.{sqlite,connect} #ActiveRecord.Base.establish_connection | read,write | may open a database file | medium says=0:sqlite
        #SQLite3.Database #SQLite3.Database.open #Extralite.Database | read | opens a database file | path=0 called
        #SQLite3.Database #SQLite3.Database.open #Extralite.Database | write | keeps data in a file | path=0 called lacks=9/readonly:true lacks=9/read_only:true
        #LMDB.** #LevelDB.** #RocksDB.** #DuckDB.** #Daybreak.** #Moneta.** | read,write | keeps data in files
        // Browsers and programs
        #{Capybara,Selenium.WebDriver,Ferrum,Watir,Cuprite,Puppeteer,Playwright,Apparition,Grover,Webdrivers}.** | exec,client | starts and drives a browser
        #{TTY.Command,Childprocess,ChildProcess,POSIX.Spawn,Subprocess,Terrapin.CommandLine,Cocaine.CommandLine,MiniMagick,PDFKit,WickedPdf,Wkhtmltopdf,FFMPEG,Streamio,Rugged.System,Cheetah,Mixlib.ShellOut,Foreman,Childprocess.build,Tmuxinator,AppleScript,Rb.Appscript,Appscript,JXA,RSpec.Core.Runner,Pandoc,PandocRuby,Bundler.CLI,IRB,Pry,Guard}.** | exec | starts programs
        #Git.{open,clone,init,bare} #Git.Base | exec | runs git
        #Git.{open,clone,init,bare} #Rugged.Repository.** | read,write | works on a Git repository
        #Git.clone #Rugged.Repository.clone_at #Git.Base().{pull,push,fetch} | client | talks to a remote repository
        #Net.{SSH,SCP,SFTP}.** | client | talks to another host
        #Sys.ProcTable.** #GetProcessMem.** #God.** | process | sees other processes
        // Servers
        #{Puma.Server,Puma.Launcher,Puma.CLI,Puma.Configuration,Thin.Server,Unicorn.HttpServer,Falcon.Server,Iodine,Rackup.Server,Rackup.Handler,Rack.Server,Rack.Handler,Agoo,Async.HTTP.Server,Goliath,EventMachine.start_server,EM.start_server,Roda,Hanami.API,Grape.API,Cuba,Padrino.Application,GRPC.RpcServer,Faye.RackAdapter,Async.Container,Protocol.HTTP.Server}.** | server | serves over the network
        #Sinatra.{Base,Application}.run! #Sinatra.Base #set_port #Rails.Server #Rails.application.routes.draw | server | serves HTTP
        #MCP.Server.Transports.{StreamableHTTPTransport,SSETransport,HTTPTransport} #ModelContextProtocol.Server.Transports.StreamableHTTPTransport | server | serves MCP over HTTP
        #FastMcp.{rack_middleware,authenticated_rack_middleware,mount_in_rails,sse} #FastMcp.Transports.{RackTransport,SseTransport,AuthenticatedRackTransport} #FastMcp.Server().{start_rack,start_authenticated_rack} #ActionMCP.** #ActionMCP.Server.** ?.{start_rack,start_authenticated_rack} | server | serves MCP over HTTP
        #MCP.Client.HTTP #MCPClient.create_sse_client #RubyLLM.MCP.** | client | talks to another MCP server
        #MCPClient.create_client #MCP.Client.Stdio | exec | starts another MCP server
        // Environment and settings
        #Dotenv.{load,load!,overload,parse,require_keys} | env | takes environment variables from a file
        #Dotenv.{load,load!,overload,parse} | read | reads a file of settings | medium
        #{Figaro,Config,Settingslogic,Anyway.Config,Envied,Chamber,SuperConfig}.** | env | takes settings from the environment | medium
        // Documents
        #Roo.{Spreadsheet,Excelx,CSV}.** #RubyXL.Parser.parse #Spreadsheet.open #PDF.Reader #CombinePDF.load #Docx.Document.open #Creek.Book #SimpleXlsxReader.open #Zip.{File.open,InputStream.open} #MIME.Types.type_for_file #Nokogiri.{parse_file} #Yomu #ChunkyPNG.Image.from_file #Magick.Image.read #Vips.Image.new_from_file #Listen.to #Rouge.Lexer.guess_file #TagLib.** #RTesseract | read | reads a document or a picture | path=0
        #Prawn.Document.generate #Zip.{File.open,OutputStream.open} #Axlsx.Package().serialize #Caxlsx.** #WriteXLSX #ChunkyPNG.Image().save #Magick.Image().write #Vips.Image().write_to_file #CombinePDF.load().save #RubyXL.Workbook().write #Zip.File.extract | write | writes a document or a picture | path=0
        // Desktop
        #Clipboard.paste | paste | reads the clipboard
        #Clipboard.{copy,clear} | copy | changes the clipboard
        #{TerminalNotifier,Notifier,Libnotify,Growl}.** | notify | shows a notification
        #{ESpeak.Speech,Gosu.Sample,Gosu.Song,Say}.** | speaker | makes sound
        #{BLE,RubyBLE,Bluez}.** | bluetooth | uses Bluetooth
        #{SerialPort,UART,PiPiper,LIBUSB,RubySerial}.** | read,write | opens a device
        """
}
