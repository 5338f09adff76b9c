extension RuleText {
    static let php = [phpStandard, phpLibraries].joined(separator: "\n")

    /// Functions and classes of PHP and of the extensions that come with it. Source: php.net/manual.
    private static let phpStandard = """
        // Files
        #{file_get_contents,file,readfile} | read | reads a file | path=0 lacks=0:php://,http://,https://,data:
        #{file_get_contents,readfile,file,fopen,copy,get_headers,getimagesize,simplexml_load_file} | client | requests a URL | host=0 says=0:http://,https://,url,Url,URL,uri,endpoint,ndpoint
        #fopen #SplFileObject #gzopen #bzopen #dio_open | read | opens a file | path=0 says=1:r,+ lacks=0:php://
        #fopen #SplFileObject #gzopen #bzopen #dio_open | write | opens a file for writing | path=0 says=1:w,a,x,c,+ lacks=0:php://
        #SplFileObject | read | opens a file | path=0 missing=1 called
        #{file_exists,is_file,is_dir,is_link,is_readable,is_writable,is_writeable,is_executable,filesize,filemtime,filectime,fileatime,fileperms,fileowner,filegroup,filetype,fileinode,stat,lstat,readlink,realpath,linkinfo,scandir,glob,opendir,dir,disk_free_space,disk_total_space,md5_file,sha1_file,hash_file,parse_ini_file,highlight_file,show_source,php_strip_whitespace,exif_read_data,getimagesize,imagecreatefrompng,imagecreatefromjpeg,imagecreatefromgif,imagecreatefromwebp,simplexml_load_file,mime_content_type,finfo_file} | read | reads files or folders | path=0 lacks=0:php://,http://,https://
        #{DirectoryIterator,RecursiveDirectoryIterator,FilesystemIterator,GlobIterator,SplFileInfo} | read | reads folders | path=0 called
        #SplFileInfo().{getSize,getMTime,isFile,isDir,isReadable,getRealPath,openFile} #SplFileObject().{fgets,fread,fgetcsv,current} | read | reads a file
        #{file_put_contents} | write | writes a file | path=0 lacks=0:php://
        #{mkdir,touch,copy,tempnam,tmpfile,symlink,link,chmod,chown,chgrp,lchown,move_uploaded_file,ftruncate_file,imagepng,imagejpeg,imagegif,imagewebp,mkfifo,posix_mkfifo} | write | creates or changes files | path=0
        #error_log | write | writes a log file | is=1:3 path=2
        #{copy,rename} | read,write | copies or moves a file | path=0
        #rename | delete | moves a file | path=0
        #{unlink,rmdir} | delete | removes files | path=0
        #DOMDocument().{load,loadHTMLFile} #XMLReader().open #XMLReader.open #ZipArchive().open #PharData #Phar | read | reads a document | path=0 lacks=0:http
        #DOMDocument().{save,saveHTMLFile} #ZipArchive().{extractTo,addFile,addFromString} #PharData().extractTo #XMLWriter().openUri #SplFileObject().{fwrite,fputcsv,ftruncate} #SimpleXMLElement().asXML | write | writes files | path=0
        #SQLite3 #dba_open | read | opens a database file | path=0 called
        #SQLite3 #dba_open | write | keeps data in a file | path=0 called lacks=1:SQLITE3_OPEN_READONLY
        // Network
        #{curl_init,curl_setopt_array} | client | sends HTTP requests | host=0
        #{curl_exec,curl_multi_exec} | client | sends HTTP requests
        #curl_setopt | client | sends HTTP requests | host=2
        #{fsockopen,pfsockopen,stream_socket_client,socket_connect,ftp_connect,ftp_ssl_connect,ssh2_connect,ldap_connect,imap_open,snmpget,snmpwalk} | client | connects to a host | host=0
        #{mail,mb_send_mail} | client | sends mail
        #{gethostbyname,gethostbynamel,gethostbyaddr,dns_get_record,checkdnsrr,dns_check_record,getmxrr} | client | looks up a name | host=0
        #SoapClient | client | talks to a service | host=0 called
        #{stream_socket_server,socket_listen,socket_create_listen,socket_bind} | server | listens for connections
        #PDO | client | talks to a database | called lacks=0:sqlite:
        #PDO.connect | client | talks to a database
        #PDO | read,write | opens a database file | says=0:sqlite
        #{mysqli,mysqli_connect,mysqli_real_connect,pg_connect,pg_pconnect,oci_connect,sqlsrv_connect,odbc_connect,db2_connect,ibase_connect,fbird_connect,mssql_connect} #{Redis,RedisCluster,Memcached,Memcache,MongoClient,AMQPConnection} #MongoDB.Driver.Manager | client | talks to a database | called
        #mysqli().{real_connect,connect} #Redis().{connect,pconnect} | client | talks to a database | host=0
        // Programs
        #{exec,shell_exec,system,passthru,proc_open,popen,pcntl_exec} | exec | starts a program | shell=0
        #pcntl_fork | exec | splits off a process | low
        #posix_kill | process | signals processes
        #FFI.{cdef,load,scope} #dl | exec | loads native code | low
        #{assert,create_function} | exec | runs text as code | low
        // Environment
        #getenv | env | reads environment variables | env=0
        #$_ENV[] | env | reads an environment variable | env=0
        #$_SERVER[] | env | reads an environment variable | env=0 is=0:HOME,USER,PATH,USERPROFILE,APPDATA,SHELL,LANG,TMPDIR,HOSTNAME,XDG_CONFIG_HOME,XDG_CACHE_HOME
        #apache_getenv | env | reads an environment variable | env=0
        #{putenv,apache_setenv} | setenv | sets an environment variable
        #$_ENV[] | setenv | sets an environment variable | assigned
        """

    /// Packages from Packagist, by the classes that they declare.
    private static let phpLibraries = """
        // HTTP clients
        GuzzleHttp.{Client,ClientInterface,Pool}.** Symfony.Component.HttpClient.{HttpClient,CurlHttpClient,NativeHttpClient,AmpHttpClient,ScopingHttpClient,RetryableHttpClient,EventSourceHttpClient}.** Symfony.Contracts.HttpClient.HttpClientInterface.** Psr.Http.Client.ClientInterface.** Illuminate.Support.Facades.Http.** Illuminate.Http.Client.Factory.** Http.Discovery.{HttpClientDiscovery,Psr18ClientDiscovery,Psr18Client}.** Buzz.** Nyholm.** WpOrg.Requests.** Unirest.** Amp.Http.Client.** React.Http.Browser.** React.Socket.Connector.** Ratchet.Client.** Saloon.Http.Connector.** Goutte.Client.** Symfony.Component.BrowserKit.HttpBrowser.** Laminas.Http.Client.** Zttp.** Httpful.** Swoole.Coroutine.Http.Client.** Workerman.Http.Client.** WebSocket.Client.** | client | talks to other hosts
        GuzzleHttp.Client().{get,post,put,patch,delete,head} Illuminate.Support.Facades.Http.{get,post,put,patch,delete,head} Psr.Http.Client.ClientInterface().sendRequest | client | sends an HTTP request | host=0
        GuzzleHttp.Client().{request,requestAsync} Symfony.Contracts.HttpClient.HttpClientInterface().request | client | sends an HTTP request | host=1
        Nyholm.Psr7.** Amp.Http.Client.{HttpException,Request}.** Http.Discovery.Psr17FactoryDiscovery.** | none | makes no connection
        #{wp_remote_get,wp_remote_post,wp_remote_request,wp_safe_remote_get,wp_safe_remote_post,download_url} | client | requests a URL | host=0
        // Services
        Aws.** Google.Client.** Google.Service.** Google.Cloud.** #Google_Client.** MicrosoftAzure.** Microsoft.Graph.** Github.Client.** Gitlab.Client.** OpenAI.** OpenAI.Client.** Anthropic.** Slack.** JoliCode.Slack.** Stripe.** Twilio.Rest.** Telegram.Bot.** Longman.TelegramBot.** Notion.** Spatie.Dropbox.** Dropbox.** SendGrid.** Mailgun.** Postmark.** PHPMailer.PHPMailer.PHPMailer.** #Swift_SmtpTransport.** Symfony.Component.Mailer.** Illuminate.Support.Facades.Mail.** Algolia.** Pusher.** Cloudinary.** JiraRestApi.** Shopify.** Automattic.WooCommerce.** Kreait.Firebase.** Prism.** LLPhant.** Symfony.AI.** PhpMqtt.** phpseclib3.Net.** phpseclib.Net.** League.OAuth2.Client.** Abraham.TwitterOAuth.** | client | talks to a service
        Aws.Exception.** Aws.Credentials.Credentials.** Stripe.Exception.** Symfony.Component.Mailer.Exception.** | none | makes no connection
        *.Client *.*.Client *.*.*.Client | client | talks to a service, as the class's name says | called medium
        // Databases
        Doctrine.DBAL.DriverManager.** Doctrine.DBAL.Connection().** Doctrine.ORM.{EntityManager,EntityManagerInterface}.** Illuminate.Support.Facades.{DB,Redis}.** Illuminate.Database.Capsule.Manager.** Illuminate.Database.Eloquent.Model.** Predis.** MongoDB.Client.** Elasticsearch.** Elastic.Elasticsearch.** OpenSearch.** Laudis.Neo4j.** Medoo.Medoo.** Cycle.Database.** Nette.Database.** Dibi.** ClickHouseDB.** PhpAmqpLib.** RdKafka.** Qdrant.** Meilisearch.** Typesense.** Symfony.Component.Cache.Adapter.{RedisAdapter,MemcachedAdapter,PdoAdapter,DoctrineDbalAdapter,CouchbaseCollectionAdapter}.** Amp.Mysql.** Amp.Postgres.** Amp.Redis.** React.MySQL.** Clue.React.Redis.** InfluxDB2.** | client | talks to a database
        Doctrine.DBAL.{Exception,Types,Schema}.** Illuminate.Database.Eloquent.{Builder,Collection,Relations,Factories,SoftDeletes,Concerns,Casts}.** Illuminate.Database.Eloquent.ModelNotFoundException.** | none | makes no connection
        // Browsers
        Facebook.WebDriver.** Symfony.Component.Panther.** HeadlessChromium.** Nesk.Puphpeteer.** Spatie.Browsershot.** Laravel.Dusk.** Playwright.** | exec,client | starts and drives a browser
        // Programs
        Symfony.Component.Process.{Process,PhpProcess} Illuminate.Process.Factory | exec | starts a program | program=0 called
        Symfony.Component.Process.Process.fromShellCommandline Illuminate.Support.Facades.Process.{run,start,command,pipe,path} | exec | starts a program | shell=0
        Illuminate.Support.Facades.Process.** React.ChildProcess.** Amp.Process.** TitasGailius.Terminal.** Spatie.Ssh.** Gitonomy.** GitWrapper.** CzProject.GitPhp.** FFMpeg.** Knp.Snappy.** Cocur.BackgroundProcess.** | exec | starts programs
        Symfony.Component.Process.{ExecutableFinder,PhpExecutableFinder} | read | looks for a program | called
        Symfony.Component.Process.{Exception,InputStream}.** | none | starts nothing
        Gitonomy.** GitWrapper.** CzProject.GitPhp.** | read,write | works on a Git repository
        Illuminate.Support.Facades.Artisan.{call,queue} | exec | runs a command of the application | low
        // Servers
        React.Http.{HttpServer,Server}.** React.Socket.{SocketServer,TcpServer,Server}.** Swoole.{Server,Http.Server,WebSocket.Server}.** OpenSwoole.** Workerman.Worker.** Ratchet.Server.** Amp.Http.Server.** Amp.Socket.listen Spiral.RoadRunner.** Laravel.Octane.** Hyperf.HttpServer.** FrankenPHP.** | server | listens for connections
        React.Http.Message.** | none | is no server
        PhpMcp.Server.Transports.{HttpServerTransport,StreamableHttpServerTransport}.** PhpMcp.Laravel.Transports.** Mcp.Server.Transport.StreamableHttpTransport.** Mcp.Server.Transport.HttpTransport.** PhpLlm.McpSdk.Server.Transport.Sse.** Symfony.AI.McpSdk.Server.Transport.Sse.** Laravel.Mcp.Facades.Mcp.web Laravel.Mcp.Server.Facades.Mcp.web Logiscape.MCP.Server.HttpServerRunner.** Mcp.Server.HttpServerRunner.** | server | serves MCP over HTTP
        PhpMcp.Client.** Mcp.Client.** | client | talks to another MCP server | medium
        // Environment
        Dotenv.Dotenv.** Symfony.Component.Dotenv.Dotenv.** Illuminate.Support.Env.** #env | env | reads environment variables | env=0
        Dotenv.Dotenv.** Symfony.Component.Dotenv.Dotenv.** | read | reads a file of settings | medium
        // Files
        Symfony.Component.Finder.Finder.** Symfony.Component.Filesystem.Filesystem().{exists,readFile,readlink} Illuminate.Support.Facades.Storage.{get,exists,files,allFiles,directories,allDirectories,size,lastModified,readStream,download,path,missing,json} Illuminate.Support.Facades.File.{get,exists,files,allFiles,directories,size,lastModified,isFile,isDirectory,json,lines,glob,hash,missing} Illuminate.Filesystem.Filesystem().{get,exists,files,allFiles,directories,size,isFile,isDirectory,json} League.Flysystem.{Filesystem,FilesystemOperator}().{read,readStream,listContents,fileExists,has,fileSize,lastModified,mimeType,directoryExists} Safe.{file_get_contents,file,scandir,glob,filesize,realpath,opendir,readfile,parse_ini_file} PhpOffice.PhpSpreadsheet.IOFactory.{load,identify,createReaderForFile} PhpOffice.PhpWord.IOFactory.load Smalot.PdfParser.Parser().parseFile Spatie.PdfToText.** League.Csv.Reader.createFromPath League.Csv.Reader.from Symfony.Component.Yaml.Yaml.parseFile Intervention.Image.** #Imagick().readImage Nette.Utils.FileSystem.read Nette.Utils.Finder.** Amp.File.{read,exists,listFiles,isFile,isDirectory,getStatus} | read | reads files | path=0
        Symfony.Component.Filesystem.Filesystem().{mkdir,touch,dumpFile,appendToFile,copy,symlink,hardlink,chmod,chown,chgrp,mirror,tempnam} Illuminate.Support.Facades.Storage.{put,putFile,putFileAs,append,prepend,copy,makeDirectory,writeStream,setVisibility} Illuminate.Support.Facades.File.{put,replace,append,prepend,copy,makeDirectory,ensureDirectoryExists,copyDirectory,chmod,link} Illuminate.Filesystem.Filesystem().{put,replace,append,prepend,copy,makeDirectory,ensureDirectoryExists,copyDirectory} League.Flysystem.{Filesystem,FilesystemOperator}().{write,writeStream,createDirectory,copy,setVisibility} Safe.{file_put_contents,mkdir,touch,copy,tempnam,symlink,chmod} PhpOffice.PhpSpreadsheet.Writer.Xlsx().save PhpOffice.PhpSpreadsheet.IOFactory.createWriter PhpOffice.PhpWord.IOFactory.createWriter League.Csv.Writer.createFromPath Nette.Utils.FileSystem.{write,createDir,copy} Amp.File.{write,createDirectory,createDirectoryRecursively,touch} Mpdf.Mpdf().Output #TCPDF().Output Symfony.Component.Cache.Adapter.{FilesystemAdapter,PhpFilesAdapter} Mcp.Server.Session.FileSessionStore Illuminate.Support.Facades.Log.build | write | creates or changes files | path=0
        Monolog.Handler.{StreamHandler,RotatingFileHandler} | write | writes a log file | path=0 called lacks=0:php://
        Symfony.Component.Filesystem.Filesystem().remove Illuminate.Support.Facades.Storage.{delete,deleteDirectory} Illuminate.Support.Facades.File.{delete,deleteDirectory,cleanDirectory,deleteDirectories} Illuminate.Filesystem.Filesystem().{delete,deleteDirectory,cleanDirectory} League.Flysystem.{Filesystem,FilesystemOperator}().{delete,deleteDirectory} Safe.{unlink,rmdir} Nette.Utils.FileSystem.delete Amp.File.{deleteFile,deleteDirectory} | delete | removes files | path=0
        Symfony.Component.Filesystem.Filesystem().rename Illuminate.Support.Facades.Storage.move Illuminate.Support.Facades.File.{move,moveDirectory} League.Flysystem.{Filesystem,FilesystemOperator}().move Safe.rename Nette.Utils.FileSystem.rename | write,delete | moves files | path=0
        // Desktop
        Joli.JoliNotif.** | notify | shows a notification
        """
}
