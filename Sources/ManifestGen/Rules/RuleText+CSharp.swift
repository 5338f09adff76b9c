extension RuleText {
    static let csharp = [csharpStandard, csharpWeb, csharpLibraries].joined(separator: "\n")

    /// The base class library. Source: learn.microsoft.com, .NET API browser.
    private static let csharpStandard = """
        System.Diagnostics.Process.Start() = System.Diagnostics.Process()
        System.Diagnostics.Process().StartInfo = System.Diagnostics.ProcessStartInfo()
        System.IO.Directory.{CreateDirectory(),GetParent()} = System.IO.DirectoryInfo()
        System.IO.FileInfo().Directory = System.IO.DirectoryInfo()
        System.Net.WebRequest.{Create(),CreateHttp()} = System.Net.HttpWebRequest()
        System.Net.Http.IHttpClientFactory().CreateClient() = System.Net.Http.HttpClient()
        // Files
        System.IO.File.{ReadAllText,ReadAllTextAsync,ReadAllLines,ReadAllLinesAsync,ReadAllBytes,ReadAllBytesAsync,ReadLines,ReadLinesAsync,OpenRead,OpenText,Exists,GetAttributes,GetCreationTime,GetCreationTimeUtc,GetLastWriteTime,GetLastWriteTimeUtc,GetLastAccessTime,GetLastAccessTimeUtc,ResolveLinkTarget,GetUnixFileMode} | read | reads files or folders | path=0
        System.IO.File.{WriteAllText,WriteAllTextAsync,WriteAllLines,WriteAllLinesAsync,WriteAllBytes,WriteAllBytesAsync,AppendAllText,AppendAllTextAsync,AppendAllLines,AppendAllLinesAsync,AppendAllBytes,AppendAllBytesAsync,Create,CreateText,AppendText,OpenWrite,SetAttributes,SetCreationTime,SetCreationTimeUtc,SetLastWriteTime,SetLastWriteTimeUtc,SetLastAccessTime,SetLastAccessTimeUtc,CreateSymbolicLink,SetUnixFileMode,Encrypt,Decrypt} | write | creates or changes files | path=0
        System.IO.File.Copy | read,write | copies a file | path=0
        System.IO.File.{Move,Replace} | write,delete | moves a file | path=0
        System.IO.File.Delete | delete | removes a file | path=0
        System.IO.File.{Open,OpenHandle} System.IO.FileStream | read | opens a file | path=0 called says=1:Open
        System.IO.FileStream | read | opens a file | called missing=1
        System.IO.File.{Open,OpenHandle} System.IO.FileStream | write | opens a file for writing | path=0 called says=1:Create,Append,Truncate
        System.IO.File.{Open,OpenHandle} System.IO.FileStream | write | opens a file for writing | path=0 called says=2:Write
        System.IO.StreamReader | read | reads a file | path=0 called medium says=0:path,Path,file,File,.txt,.json,.csv,.log
        System.IO.StreamWriter | write | writes a file | path=0 called medium says=0:path,Path,file,File,.txt,.json,.csv,.log
        System.IO.Directory.{GetFiles,GetDirectories,GetFileSystemEntries,EnumerateFiles,EnumerateDirectories,EnumerateFileSystemEntries,Exists,GetCreationTime,GetCreationTimeUtc,GetLastWriteTime,GetLastWriteTimeUtc,GetLastAccessTime,ResolveLinkTarget} | read | reads files or folders | path=0
        System.IO.Directory.{CreateDirectory,CreateTempSubdirectory,CreateSymbolicLink,SetLastWriteTime,SetCreationTime} System.IO.Path.GetTempFileName | write | creates files or folders | path=0
        System.IO.Directory.Delete | delete | removes a folder | path=0
        System.IO.Directory.Move | write,delete | moves a folder | path=0
        System.IO.{FileInfo,DirectoryInfo,FileSystemInfo}().{Exists,Length,LastWriteTime,LastWriteTimeUtc,CreationTime,CreationTimeUtc,LastAccessTime,LastAccessTimeUtc,Attributes,IsReadOnly,OpenRead,OpenText,GetFiles,GetDirectories,GetFileSystemInfos,EnumerateFiles,EnumerateDirectories,EnumerateFileSystemInfos,ResolveLinkTarget} | read | reads files or folders
        System.IO.{FileInfo,DirectoryInfo}().{Create,CreateText,OpenWrite,AppendText,CreateSubdirectory,CopyTo,CreateAsSymbolicLink} | write | creates or changes files
        System.IO.FileInfo().{CopyTo,Open} | read | reads a file
        System.IO.{FileInfo,DirectoryInfo,FileSystemInfo}().Delete | delete | removes files
        System.IO.{FileInfo,DirectoryInfo}().{MoveTo,Replace} | write,delete | moves files
        System.IO.FileSystemWatcher | read | watches files | path=0 called
        System.IO.Enumeration.FileSystemEnumerable System.IO.DriveInfo.GetDrives Microsoft.Extensions.FileSystemGlobbing.{Matcher,Abstractions.DirectoryInfoWrapper} Microsoft.Extensions.FileProviders.PhysicalFileProvider | read | reads folders | called
        System.IO.Compression.ZipFile.OpenRead | read | reads an archive | path=0
        System.IO.Compression.ZipFile.{Open,ExtractToDirectory,ExtractToDirectoryAsync,CreateFromDirectory} System.Formats.Tar.TarFile.{ExtractToDirectory,ExtractToDirectoryAsync,CreateFromDirectory,CreateFromDirectoryAsync} ?.ExtractToDirectory | read,write | packs or unpacks files
        ?.ExtractToFile | write | unpacks a file
        System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile | read,write | maps a file | path=0
        System.IO.Ports.SerialPort | read,write | opens a device | called
        System.Xml.Linq.{XDocument,XElement}.Load System.Xml.XmlDocument().Load System.Xml.XmlReader.Create | read | reads a file | path=0 medium says=0:path,Path,file,File,.xml,proj
        System.Xml.Linq.{XDocument,XElement}().Save System.Xml.XmlDocument().Save System.Xml.XmlWriter.Create | write | writes a file | path=0 medium says=0:path,Path,file,File,.xml,proj
        // Network
        System.Net.Http.{HttpClient,HttpMessageInvoker} | client | sends HTTP requests | called
        System.Net.Http.HttpClient().{GetAsync,GetStringAsync,GetByteArrayAsync,GetStreamAsync,PostAsync,PutAsync,PatchAsync,DeleteAsync,GetFromJsonAsync,GetFromJsonAsAsyncEnumerable,PostAsJsonAsync,PutAsJsonAsync,PatchAsJsonAsync,DeleteFromJsonAsync} | client | sends an HTTP request | host=0
        System.Net.Http.HttpClient().{SendAsync,Send} | client | sends an HTTP request
        System.Net.Http.HttpClient().BaseAddress | client | names the host of its requests | host=0 assigned
        System.Net.Http.IHttpClientFactory().CreateClient ?.AddHttpClient | client | makes a client for HTTP
        System.Net.Http.HttpRequestMessage | client | describes an HTTP request | host=1 called medium
        ?.{GetFromJsonAsync,PostAsJsonAsync,PutAsJsonAsync,PatchAsJsonAsync,DeleteFromJsonAsync} | client | sends an HTTP request | host=0
        ?.{GetStringAsync,GetByteArrayAsync} | client | sends an HTTP request | host=0 medium imports=Http
        System.Net.WebClient System.Net.HttpWebRequest System.Net.FtpWebRequest | client | requests a URL | called
        System.Net.WebClient().{DownloadString,DownloadStringTaskAsync,DownloadData,DownloadDataTaskAsync,UploadString,UploadStringTaskAsync,UploadData,UploadValues,OpenRead} System.Net.WebRequest.{Create,CreateHttp} | client | requests a URL | host=0
        System.Net.WebClient().{DownloadFile,DownloadFileAsync,DownloadFileTaskAsync} | client,write | downloads a file | host=0
        System.Net.Dns.{GetHostAddresses,GetHostAddressesAsync,GetHostEntry,GetHostEntryAsync} | client | looks up a name | host=0
        System.Net.Sockets.{TcpClient,UdpClient} System.Net.WebSockets.ClientWebSocket System.Net.NetworkInformation.Ping System.Net.Mail.SmtpClient System.DirectoryServices.DirectoryEntry System.DirectoryServices.Protocols.LdapConnection | client | connects to a host | called host=0
        System.Net.Sockets.{TcpClient,UdpClient}().{Connect,ConnectAsync} System.Net.Sockets.Socket().{Connect,ConnectAsync,SendTo,SendToAsync} System.Net.NetworkInformation.Ping().{Send,SendPingAsync} System.Net.WebSockets.ClientWebSocket().ConnectAsync System.Net.Quic.QuicConnection.ConnectAsync | client | connects to a host | host=0
        System.Net.Sockets.TcpListener System.Net.HttpListener System.Net.Quic.QuicListener.ListenAsync | server | listens for connections | called
        System.Net.Sockets.Socket().{Bind,Listen} | server | listens for connections
        // Programs
        System.Diagnostics.Process.Start | exec | starts a program | program=0
        System.Diagnostics.ProcessStartInfo | exec | starts a program | program=0/FileName called
        System.Diagnostics.ProcessStartInfo().FileName | exec | starts a program | program=0 assigned
        System.Diagnostics.Process().Start | exec | starts a program
        System.Diagnostics.Process.{GetProcesses,GetProcessesByName,GetProcessById} | process | sees other processes
        System.ServiceProcess.ServiceController System.ServiceProcess.ServiceController.GetServices | process | sees or controls services | called
        System.Management.Automation.{PowerShell.Create,Runspaces.RunspaceFactory.CreateRunspace} Microsoft.PowerShell.** | exec | runs PowerShell
        System.Reflection.Assembly.{LoadFrom,LoadFile,UnsafeLoadFrom} System.Runtime.Loader.AssemblyLoadContext().LoadFromAssemblyPath | read | loads code from a file | path=0
        System.Runtime.InteropServices.NativeLibrary.Load | exec | loads native code | low
        // Environment
        System.Environment.GetEnvironmentVariable | env | reads an environment variable | env=0
        System.Environment.{GetEnvironmentVariables,ExpandEnvironmentVariables} | env | reads environment variables
        System.Environment.SetEnvironmentVariable | setenv | sets an environment variable
        // Desktop
        System.Windows.Forms.Clipboard.{GetText,GetDataObject,GetImage,GetData,ContainsText,GetFileDropList} System.Windows.Clipboard.{GetText,GetDataObject,GetImage,GetData,ContainsText,GetFileDropList} Windows.ApplicationModel.DataTransfer.Clipboard.GetContent | paste | reads the clipboard
        System.Windows.Forms.Clipboard.{SetText,SetDataObject,SetImage,SetData,Clear} System.Windows.Clipboard.{SetText,SetDataObject,SetImage,SetData,Clear} Windows.ApplicationModel.DataTransfer.Clipboard.SetContent | copy | changes the clipboard
        ?.CopyFromScreen Windows.Graphics.Capture.GraphicsCaptureItem.** | screen | takes a picture of the screen
        System.Drawing.{Bitmap,Image}().Save | write | writes a picture | medium path=0
        System.Drawing.Image.FromFile | read | reads a picture | path=0
        System.Speech.Synthesis.SpeechSynthesizer System.Media.SoundPlayer Windows.Media.Playback.MediaPlayer Windows.Media.SpeechSynthesis.SpeechSynthesizer | speaker | makes sound | called
        System.Media.SystemSounds.** System.Console.Beep | speaker | makes sound | medium
        System.Speech.Recognition.SpeechRecognitionEngine Windows.Media.SpeechRecognition.SpeechRecognizer | microphone | listens to speech | called
        Windows.UI.Notifications.ToastNotificationManager.** Microsoft.Windows.AppNotifications.** Microsoft.Toolkit.Uwp.Notifications.ToastContentBuilder CommunityToolkit.WinUI.Notifications.ToastContentBuilder System.Windows.Forms.NotifyIcon().ShowBalloonTip | notify | shows a notification
        Windows.Devices.Bluetooth.BluetoothLEDevice.** Windows.Devices.Bluetooth.BluetoothDevice.** Windows.Devices.Bluetooth.Advertisement.BluetoothLEAdvertisementWatcher InTheHand.Bluetooth.Bluetooth.** InTheHand.Net.Sockets.BluetoothClient Plugin.BLE.CrossBluetoothLE.** | bluetooth | uses Bluetooth
        Windows.Devices.Geolocation.Geolocator System.Device.Location.GeoCoordinateWatcher Microsoft.Maui.Devices.Sensors.Geolocation.** | location | asks where the machine is
        Windows.Media.Capture.MediaCapture OpenCvSharp.VideoCapture Emgu.CV.VideoCapture AForge.Video.DirectShow.VideoCaptureDevice FlashCap.CaptureDevices | camera | opens the camera | called
        """

    /// Hosts, settings and servers of Microsoft.Extensions and ASP.NET Core, and the MCP SDK.
    private static let csharpWeb = """
        Microsoft.Extensions.Hosting.Host.{CreateApplicationBuilder(),CreateEmptyApplicationBuilder()}.Configuration = Microsoft.Extensions.Configuration.IConfiguration()
        Microsoft.AspNetCore.Builder.WebApplication.{CreateBuilder(),CreateSlimBuilder()} = Microsoft.AspNetCore.Builder.WebApplicationBuilder()
        Microsoft.AspNetCore.Builder.WebApplicationBuilder().Configuration = Microsoft.Extensions.Configuration.IConfiguration()
        Microsoft.AspNetCore.Builder.WebApplicationBuilder().Build() = Microsoft.AspNetCore.Builder.WebApplication()
        Microsoft.AspNetCore.Builder.WebApplication().Configuration = Microsoft.Extensions.Configuration.IConfiguration()
        Microsoft.Extensions.Configuration.IConfigurationRoot() = Microsoft.Extensions.Configuration.IConfiguration()
        Microsoft.Extensions.Configuration.IConfiguration()[] | env | reads a setting, which may be an environment variable | medium
        Microsoft.Extensions.Configuration.IConfiguration().{GetValue,GetSection,GetRequiredSection,GetConnectionString} | env | reads a setting, which may be an environment variable | medium
        ?.AddEnvironmentVariables | env | takes settings from environment variables
        ?.{AddJsonFile,AddIniFile,AddXmlFile,AddYamlFile,AddKeyPerFile,AddUserSecrets} | read | reads a file of settings | path=0
        DotNetEnv.Env.** dotenv.net.DotEnv.** | read,env | takes environment variables from a file | medium
        Microsoft.AspNetCore.Builder.WebApplication.{CreateBuilder,CreateSlimBuilder,CreateEmptyBuilder,Create} Microsoft.AspNetCore.WebHost.{CreateDefaultBuilder,Start,StartWith} Microsoft.AspNetCore.Hosting.WebHostBuilder | server | serves HTTP
        ?.{MapMcp,MapMcpSse,UseKestrel,ConfigureKestrel,ConfigureWebHostDefaults,ConfigureWebHost,UseHttpSys,ConfigureFunctionsWebApplication,ConfigureFunctionsWorkerDefaults} | server | serves HTTP
        ?.{WithHttpTransport,WithSseServerTransport,WithHttpServerTransport} | server | serves MCP over HTTP
        ?.UseUrls | server | serves HTTP
        EmbedIO.WebServer Grpc.Core.Server WatsonWebserver.** GenHTTP.Engine.** NetCoreServer.** Fleck.WebSocketServer WebSocketSharp.Server.** SuperSocket.** | server | listens for connections
        ModelContextProtocol.Client.{SseClientTransport,HttpClientTransport} ModelContextProtocol.Protocol.Transport.SseClientTransport | client | talks to another MCP server
        ModelContextProtocol.Client.StdioClientTransport ModelContextProtocol.Protocol.Transport.StdioClientTransport | exec | starts another MCP server
        Microsoft.AspNetCore.SignalR.Client.HubConnectionBuilder Grpc.Net.Client.GrpcChannel.ForAddress Grpc.Core.Channel | client | connects to a host | host=0
        ?.AddOtlpExporter ?.UseAzureMonitor ?.AddApplicationInsightsTelemetryWorkerService ?.AddApplicationInsightsTelemetry | client | sends telemetry | medium
        ?.File | write | writes a log file | imports=Serilog
        ?.{UseNpgsql,UseSqlServer,UseMySql,UseMySQL,UseOracle,UseCosmos,UseMongoDB,AddNpgsqlDataSource,AddSqlServer,AddNpgsqlDbContext,AddSqlServerDbContext,AddRedisClient,AddStackExchangeRedisCache,AddAzureClients,AddRefitClient,AddGrpcClient} | client | talks to a service or a database
        ?.UseSqlite ?.UseLiteDB ?.AddSqlite | read,write | keeps data in a file
        ?.{AddOpenAIChatCompletion,AddAzureOpenAIChatCompletion,AddOpenAITextEmbeddingGeneration,AddOllamaChatCompletion,AddOpenAIEmbeddingGenerator,AddGoogleAIGeminiChatCompletion} | client | talks to a model service
        """

    /// Libraries from NuGet, by the types that they declare.
    private static let csharpLibraries = """
        // HTTP clients
        RestSharp.{RestClient,IRestClient}.** Refit.RestService.** Flurl.Http.FlurlClient.** HtmlAgilityPack.HtmlWeb.** GraphQL.Client.Http.GraphQLHttpClient.** Microsoft.Kiota.Http.HttpClientLibrary.HttpClientRequestAdapter.** WebSocketSharp.WebSocket.** Websocket.Client.WebsocketClient.** SocketIOClient.SocketIO.** CodeHollow.FeedReader.FeedReader.** | client | talks to other hosts
        RestSharp.{RestClient,RestClientOptions} RestSharp.RestRequest | client | talks to other hosts | host=0 called
        ?.{GetJsonAsync,PostJsonAsync,PutJsonAsync,PostUrlEncodedAsync} | client | sends an HTTP request | imports=Flurl
        elsewhere.Client | client | talks to a service, as the type's name says | host=0 called medium
        elsewhere.Client().** | client | talks to a service, as the type's name says | called medium
        // Services
        Azure.Storage.Blobs.Blob*.** Azure.Storage.Queues.Queue*.** Azure.Storage.Files.Shares.Share*.** Azure.Storage.Files.DataLake.DataLake*.** Azure.Data.Tables.Table*.** Azure.Security.KeyVault.Secrets.Secret*.** Azure.Security.KeyVault.Keys.Key*.** Azure.Security.KeyVault.Certificates.Certificate*.** Azure.AI.OpenAI.{AzureOpenAI*,OpenAI*}.** Azure.AI.Projects.{AIProject*,Agents*}.** Azure.AI.Agents.Persistent.Persistent*.** Azure.AI.Inference.{ChatCompletionsClient,EmbeddingsClient}.** Azure.AI.TextAnalytics.TextAnalytics*.** Azure.AI.FormRecognizer.DocumentAnalysis.Document*.** Azure.ResourceManager.Arm*.** Azure.Monitor.Query.{LogsQuery*,MetricsQuery*}.** Azure.Search.Documents.Search*.** Azure.Search.Documents.Indexes.SearchIndex*.** Azure.Messaging.ServiceBus.ServiceBus*.** Azure.Messaging.EventHubs.EventHub*.** Azure.Messaging.EventGrid.EventGrid*.** Azure.Data.AppConfiguration.ConfigurationClient.** Azure.Communication.Email.Email*.** Azure.Containers.ContainerRegistry.ContainerRegistry*.** | client | talks to Azure
        Azure.Identity.{DefaultAzureCredential,ClientSecretCredential,AzureCliCredential,ManagedIdentityCredential,EnvironmentCredential,InteractiveBrowserCredential,DeviceCodeCredential,ChainedTokenCredential,VisualStudioCredential} | client | signs in to Azure | called
        Azure.Identity.{DefaultAzureCredential,EnvironmentCredential} | env | takes credentials from the environment | called medium
        Azure.Identity.{AzureCliCredential,AzurePowerShellCredential,AzureDeveloperCliCredential} | exec | starts a program for its credentials | called
        Microsoft.Azure.Cosmos.{CosmosClient,CosmosClientBuilder,Container,Database}.** Microsoft.Graph.GraphServiceClient.** Microsoft.Identity.Client.{PublicClientApplicationBuilder,ConfidentialClientApplicationBuilder}.** Microsoft.VisualStudio.Services.WebApi.VssConnection.** Microsoft.PowerPlatform.Dataverse.Client.ServiceClient.** Microsoft.SharePoint.Client.ClientContext.** Microsoft.Xrm.Sdk.IOrganizationService().** Kusto.Data.Net.Client.KustoClientFactory.** Microsoft.AnalysisServices.Server.** Microsoft.AnalysisServices.Tabular.Server.** Microsoft.AnalysisServices.AdomdClient.Adomd*.** | client | talks to a Microsoft service
        Amazon.S3.{AmazonS3*,IAmazonS3,Transfer.TransferUtility}.** Amazon.DynamoDBv2.{AmazonDynamoDB*,IAmazonDynamoDB,DataModel.DynamoDBContext}.** Amazon.Lambda.AmazonLambda*.** Amazon.SQS.AmazonSQS*.** Amazon.SimpleNotificationService.AmazonSimpleNotification*.** Amazon.EC2.AmazonEC2*.** Amazon.CloudWatch.AmazonCloudWatch*.** Amazon.CloudWatchLogs.AmazonCloudWatchLogs*.** Amazon.SecretsManager.AmazonSecretsManager*.** Amazon.BedrockRuntime.AmazonBedrock*.** Amazon.SecurityToken.AmazonSecurityToken*.** Amazon.SimpleEmail.AmazonSimpleEmail*.** Amazon.IdentityManagement.AmazonIdentity*.** Amazon.CostExplorer.AmazonCost*.** Amazon.RDS.AmazonRDS*.** Amazon.ECS.AmazonECS*.** ?.AddAWSService | client | talks to AWS
        Google.Cloud.Storage.V1.StorageClient.** Google.Cloud.BigQuery.V2.BigQueryClient.** Google.Cloud.Firestore.FirestoreDb.** Google.Apis.Gmail.v1.GmailService.** Google.Apis.Calendar.v3.CalendarService.** Google.Apis.Drive.v3.DriveService.** Google.Apis.Sheets.v4.SheetsService.** Google.Apis.Docs.v1.DocsService.** Google.Apis.YouTube.v3.YouTubeService.** Google.Apis.Tasks.v1.TasksService.** Google.Apis.Auth.OAuth2.GoogleWebAuthorizationBroker.** Google.Apis.Auth.OAuth2.GoogleCredential.** Google.Ads.GoogleAds.Lib.GoogleAdsClient.** | client | talks to Google
        Octokit.{GitHubClient,IGitHubClient,Connection,GraphQL.Connection}.** NGitLab.GitLabClient.** Atlassian.Jira.Jira.** SlackNet.SlackServiceBuilder.** SlackAPI.SlackClient.** Discord.WebSocket.DiscordSocketClient.** Discord.Rest.DiscordRestClient.** DSharpPlus.DiscordClient.** Telegram.Bot.TelegramBotClient.** Stripe.{StripeClient,CustomerService,ChargeService,PaymentIntentService,InvoiceService,SubscriptionService,BalanceService,ProductService,PriceService,RefundService}.** Twilio.TwilioClient.** SendGrid.SendGridClient.** Notion.Client.NotionClientFactory.** SpotifyAPI.Web.SpotifyClient.** Todoist.Net.TodoistClient.** TMDbLib.Client.TMDbClient.** Tweetinvi.TwitterClient.** | client | talks to a service
        OpenAI.{OpenAIClient,Chat.ChatClient,Embeddings.EmbeddingClient,Images.ImageClient,Audio.AudioClient,Responses.OpenAIResponseClient}.** Anthropic.SDK.AnthropicClient.** Anthropic.AnthropicClient.** OllamaSharp.OllamaApiClient.** Mscc.GenerativeAI.GoogleAI.** GenerativeAI.** Microsoft.Extensions.AI.IChatClient().** | client | talks to a model service
        k8s.{Kubernetes,IKubernetes}.** Docker.DotNet.{DockerClientConfiguration,DockerClient,IDockerClient}.** | client | talks to a cluster or a container engine
        MailKit.Net.Smtp.SmtpClient.** MailKit.Net.Imap.ImapClient.** MailKit.Net.Pop3.Pop3Client.** Renci.SshNet.{SshClient,SftpClient,ScpClient}.** FluentFTP.{FtpClient,AsyncFtpClient}.** MQTTnet.** Microsoft.Exchange.WebServices.Data.ExchangeService.** YoutubeExplode.YoutubeClient.** LLama.** ArxivApi.** Zeroconf.ZeroconfResolver.** Lextm.SharpSnmpLib.Messaging.** | client | talks to other hosts
        LLama.LLamaWeights.LoadFromFile | read | reads a model | path=0
        NuGet.Protocol.Core.Types.{Repository,SourceRepository,PackageMetadataResource}.** NuGet.Protocol.Repository.** | client | asks a package registry
        NuGet.Configuration.Settings.** | read | reads settings
        // Databases
        Npgsql.Npgsql*.** Microsoft.Data.SqlClient.Sql*.** System.Data.SqlClient.Sql*.** MySql.Data.MySqlClient.MySql*.** MySqlConnector.MySql*.** Oracle.ManagedDataAccess.Client.Oracle*.** FirebirdSql.Data.FirebirdClient.Fb*.** IBM.Data.Db2.DB2*.** ClickHouse.Client.ADO.ClickHouse*.** Snowflake.Data.Client.Snowflake*.** System.Data.Odbc.Odbc*.** System.Data.OleDb.OleDb*.** MongoDB.Driver.{MongoClient,IMongoClient,IMongoDatabase,IMongoCollection,MongoServer}.** StackExchange.Redis.{ConnectionMultiplexer,IConnectionMultiplexer,IDatabase}.** Elastic.Clients.Elasticsearch.Elasticsearch*.** Nest.ElasticClient.** Neo4j.Driver.{GraphDatabase,IDriver,IAsyncSession}.** Cassandra.Cluster.** InfluxDB.Client.InfluxDB*.** Confluent.Kafka.{ProducerBuilder,ConsumerBuilder,AdminClientBuilder}.** RabbitMQ.Client.ConnectionFactory.** NATS.Client.** Qdrant.Client.QdrantClient.** Pinecone.PineconeClient.** Weaviate.** Milvus.Client.MilvusClient.** SurrealDb.Net.** Raven.Client.Documents.DocumentStore.** Marten.DocumentStore.** Meilisearch.MeilisearchClient.** AdysTech.InfluxDB.Client.Net.** Hangfire.JobStorage.** | client | talks to a database or a queue
        Npgsql.{NpgsqlException,PostgresException}.** Microsoft.Data.SqlClient.SqlException.** System.Data.SqlClient.SqlException.** MySqlConnector.MySqlException.** MySql.Data.MySqlClient.MySqlException.** StackExchange.Redis.Redis*.** | none | makes no connection
        Microsoft.Data.Sqlite.{SqliteConnection,SqliteCommand,SqliteDataReader,SqliteConnectionStringBuilder} System.Data.SQLite.{SQLiteConnection,SQLiteCommand} | read | opens a database file | called
        Microsoft.Data.Sqlite.{SqliteConnection,SqliteConnectionStringBuilder} System.Data.SQLite.SQLiteConnection | write | keeps data in a file | called lacks=0:Mode=ReadOnly,Mode=Memory,mode=ro,:memory:,ReadOnly=True
        Microsoft.Data.Sqlite.SqliteConnection().{Open,OpenAsync,CreateCommand} System.Data.SQLite.SQLiteConnection().{Open,OpenAsync,CreateCommand} | read | opens a database file
        SQLite.SQLite*.** LiteDB.{LiteDatabase,LiteRepository}.** DuckDB.NET.Data.DuckDB*.** LightningDB.** RocksDbSharp.** Lucene.Net.Store.FSDirectory.** | read,write | keeps data in files
        // Browsers
        Microsoft.Playwright.{Playwright,IPlaywright,IBrowser,IPage,IBrowserContext}.** PuppeteerSharp.{Puppeteer,BrowserFetcher,IBrowser,IPage}.** OpenQA.Selenium.Chrome.ChromeDriver.** OpenQA.Selenium.Firefox.FirefoxDriver.** OpenQA.Selenium.Edge.EdgeDriver.** OpenQA.Selenium.{IWebDriver,WebDriver}.** WebDriverManager.DriverManager.** OpenQA.Selenium.Appium.** | exec,client | starts and drives a browser
        PuppeteerSharp.BrowserFetcher().DownloadAsync | write | downloads a browser
        // Programs
        CliWrap.Cli.Wrap Medallion.Shell.Command.Run SimpleExec.Command.{Run,RunAsync,ReadAsync} | exec | starts a program | program=0
        CliWrap.Command().ExecuteAsync CliWrap.Buffered.** Medallion.Shell.Shell.** Microsoft.Build.Execution.BuildManager.** Microsoft.CodeAnalysis.MSBuild.MSBuildWorkspace.Create Microsoft.Diagnostics.Runtime.DataTarget.** Xabe.FFmpeg.** FFMpegCore.** Pty.Net.** AdvancedSharpAdbClient.** Microsoft.Office.Interop.** | exec | starts programs
        Microsoft.Build.Locator.MSBuildLocator.** Microsoft.CodeAnalysis.MSBuild.MSBuildWorkspace().{OpenSolutionAsync,OpenProjectAsync} Microsoft.Build.Construction.{SolutionFile,ProjectRootElement}.** Microsoft.Build.Evaluation.Project.** Mono.Cecil.{ModuleDefinition,AssemblyDefinition}.** ICSharpCode.Decompiler.CSharp.CSharpDecompiler ICSharpCode.Decompiler.Metadata.PEFile dnlib.DotNet.ModuleDefMD.** System.Reflection.MetadataLoadContext | read | reads projects or programs
        Microsoft.Diagnostics.NETCore.Client.DiagnosticsClient.** Microsoft.Diagnostics.Runtime.DataTarget.AttachToProcess System.Diagnostics.PerformanceCounter FlaUI.** System.Windows.Automation.AutomationElement.** System.Management.ManagementObjectSearcher Microsoft.Diagnostics.Tracing.Session.TraceEventSession | process | looks into other processes
        Microsoft.CodeAnalysis.CSharp.Scripting.CSharpScript.** Microsoft.CodeAnalysis.CSharp.Scripting.** Jint.Engine.** NLua.** IronPython.** Python.Runtime.** | exec | runs text as code | low
        LibGit2Sharp.Repository.** LibGit2Sharp.Commands.** | read,write | works on a Git repository
        LibGit2Sharp.Repository.Clone LibGit2Sharp.Commands.{Fetch,Pull} LibGit2Sharp.Repository().Network.** | client | talks to a remote repository
        // Documents
        ClosedXML.Excel.XLWorkbook OfficeOpenXml.ExcelPackage Spire.Xls.Workbook().LoadFromFile | read | reads a document | path=0 called says=0:path,Path,file,File,.xlsx
        ClosedXML.Excel.XLWorkbook().{Save,SaveAs} OfficeOpenXml.ExcelPackage().{Save,SaveAs,SaveAsync,SaveAsAsync} Spire.Xls.Workbook().SaveToFile | write | writes a document | path=0
        DocumentFormat.OpenXml.Packaging.{SpreadsheetDocument,WordprocessingDocument,PresentationDocument}.Open UglyToad.PdfPig.PdfDocument.Open iText.Kernel.Pdf.PdfReader iTextSharp.text.pdf.PdfReader PdfSharp.Pdf.IO.PdfReader.Open PdfSharpCore.Pdf.IO.PdfReader.Open NPOI.SS.UserModel.WorkbookFactory.Create ExcelDataReader.ExcelReaderFactory.** MiniExcelLibs.MiniExcel.{Query,QueryAsync,GetSheetNames,GetColumns} Tesseract.Pix.LoadFromFile SixLabors.ImageSharp.Image.{Load,LoadAsync,Identify} SkiaSharp.SKBitmap.Decode Xceed.Words.NET.DocX.Load | read | reads a document or a picture | path=0
        DocumentFormat.OpenXml.Packaging.{SpreadsheetDocument,WordprocessingDocument,PresentationDocument}.Open | write | opens a document for changes | is=1:true
        DocumentFormat.OpenXml.Packaging.{SpreadsheetDocument,WordprocessingDocument,PresentationDocument}.Create iText.Kernel.Pdf.PdfWriter PdfSharp.Pdf.PdfDocument().Save PdfSharpCore.Pdf.PdfDocument().Save MiniExcelLibs.MiniExcel.{SaveAs,SaveAsAsync} ?.{SaveAsPng,SaveAsJpeg,SaveAsPngAsync,SaveAsJpegAsync,SaveAsWebp,GeneratePdf} Xceed.Words.NET.DocX.Create | write | writes a document or a picture | path=0
        // Desktop and devices
        TextCopy.ClipboardService.{GetText,GetTextAsync} | paste | reads the clipboard
        TextCopy.ClipboardService.{SetText,SetTextAsync} | copy | changes the clipboard
        NAudio.Wave.{WaveOutEvent,WaveOut,DirectSoundOut,WasapiOut} NAudio.CoreAudioApi.WasapiOut NetCoreAudio.Player LibVLCSharp.Shared.MediaPlayer Plugin.Maui.Audio.** | speaker | plays sound
        NAudio.Wave.{WaveInEvent,WaveIn,WasapiCapture,WasapiLoopbackCapture} | microphone | records sound
        DesktopNotifications.** | notify | shows a notification
        WindowsInput.InputSimulator.** | process | sends keys to other programs | low
        """
}
