extension RuleText {
    /// Libraries. Source: their documentation on pkg.go.dev. Module names stand without versions.
    static let goLibraries = """
        // HTTP and other protocols
        {github.com/go-resty/resty,resty.dev}#{New,NewWithClient,R} github.com/imroc/req#** github.com/valyala/fasthttp#{Do,DoTimeout,Get,Post,Client,HostClient} github.com/hashicorp/go-retryablehttp#** github.com/hashicorp/go-cleanhttp#** github.com/parnurzeal/gorequest#** github.com/levigross/grequests#** github.com/monaco-io/request#** github.com/dghubble/sling#** github.com/gojek/heimdall/httpclient#** github.com/bogdanfinn/tls-client#** | client | sends requests
        github.com/gorilla/websocket#{Dialer,DefaultDialer} {github.com/coder/websocket,nhooyr.io/websocket}#Dial golang.org/x/net/websocket#{Dial,DialConfig} github.com/gobwas/ws#{Dial,Dialer} | client | opens a web socket
        github.com/gorilla/websocket#Upgrader {github.com/coder/websocket,nhooyr.io/websocket}#Accept | server | serves web sockets
        google.golang.org/grpc#{Dial,DialContext,NewClient} connectrpc.com/connect#NewClient | client | calls another service | host=0
        google.golang.org/grpc#NewServer | server | serves other programs
        golang.org/x/oauth2#{NewClient,Config,StaticTokenSource} golang.org/x/oauth2/google#** golang.org/x/oauth2/clientcredentials#** github.com/coreos/go-oidc/oidc#NewProvider | client | signs in at another host
        golang.org/x/oauth2/google#{ConfigFromJSON,JWTConfigFromJSON,Endpoint} | none | only reads settings
        golang.org/x/oauth2/google#{FindDefaultCredentials,DefaultClient,DefaultTokenSource} | read,env | looks for credentials
        github.com/gocolly/colly#** github.com/PuerkitoBio/goquery#NewDocument github.com/mmcdole/gofeed#Parser().ParseURL github.com/mmcdole/gofeed#NewParser github.com/go-shiori/go-readability#FromURL | client | fetches pages
        golang.org/x/crypto/ssh#{Dial,NewClientConn} github.com/pkg/sftp#** github.com/jlaffaye/ftp#** github.com/secsy/goftp#** | client | connects to a host
        github.com/miekg/dns#{Client,Exchange,ExchangeContext} github.com/likexian/whois#** github.com/domainr/whois#** github.com/go-ping/ping#** github.com/prometheus-community/pro-bing#** | client | asks other hosts
        github.com/emersion/go-imap/client#** github.com/emersion/go-imap/imapclient#** github.com/emersion/go-smtp#{Dial,DialTLS,SendMail} gopkg.in/gomail#** github.com/wneessen/go-mail#** github.com/jordan-wright/email#** | client | handles mail at a mail server
        // Servers
        github.com/gin-gonic/gin#{Default,New} github.com/labstack/echo#New github.com/gofiber/fiber#New github.com/valyala/fasthttp#{ListenAndServe,Server} github.com/kataras/iris#{New,Default} github.com/go-kratos/kratos/transport/http#NewServer github.com/beego/beego/server/web#Run github.com/gliderlabs/ssh#ListenAndServe github.com/improbable-eng/grpc-web/go/grpcweb#** golang.ngrok.com/ngrok#{Listen,ListenAndForward} | server | listens for connections
        // Clouds and services
        github.com/aws/aws-sdk-go-v2/service/*#** github.com/aws/aws-sdk-go/service/*#** github.com/aws/aws-sdk-go/aws/session#** | client | talks to AWS
        github.com/aws/aws-sdk-go-v2/config#{LoadDefaultConfig,LoadSharedConfigProfile} github.com/aws/aws-sdk-go/aws/session#{NewSession,NewSessionWithOptions,Must} | client,read,env | looks for credentials
        cloud.google.com/go/*#** google.golang.org/api/*#** firebase.google.com/go#** | client | talks to Google's services
        google.golang.org/api/*#{WithCredentialsFile,WithAuthCredentialsFile} | read | reads credentials | path=0
        github.com/Azure/azure-sdk-for-go/*#** github.com/alibabacloud-go/*#** github.com/tencentcloud/tencentcloud-sdk-go/*#** github.com/aliyun/aliyun-oss-go-sdk/oss#** github.com/minio/minio-go#** github.com/digitalocean/godo#** github.com/hetznercloud/hcloud-go/hcloud#** github.com/cloudflare/cloudflare-go#** github.com/linode/linodego#** github.com/oracle/oci-go-sdk/common#** | client | talks to a cloud
        github.com/google/go-github/github#** github.com/shurcooL/githubv4#** github.com/shurcooL/graphql#** github.com/machinebox/graphql#** github.com/hasura/go-graphql-client#** github.com/xanzy/go-gitlab#** gitlab.com/gitlab-org/api/client-go#** code.gitea.io/sdk/gitea#** github.com/ktrysmt/go-bitbucket#** | client | talks to a code host
        github.com/slack-go/slack#** github.com/rusq/slack#** github.com/rusq/slackdump#** github.com/bwmarrin/discordgo#** github.com/disgoorg/disgo#** gopkg.in/telebot#** github.com/go-telegram-bot-api/telegram-bot-api#** github.com/go-telegram/bot#** github.com/gotd/td/telegram#** github.com/mymmrac/telego#** go.mau.fi/whatsmeow#** github.com/mattermost/mattermost/server/public/model#** github.com/line/line-bot-sdk-go/linebot#** maunium.net/go/mautrix#** github.com/larksuite/oapi-sdk-go#** | client | talks to a chat service
        github.com/slack-go/slack#{Option*,MsgOption*,New*Block*,Attachment,Message,Channel,User} github.com/rusq/slack#{Message,Channel,User} | none | only names data
        {github.com/slack-go/slack,github.com/rusq/slack}#New | client | talks to Slack
        github.com/andygrunwald/go-jira#** github.com/ctreminiom/go-atlassian/*#** github.com/ctreminiom/go-atlassian/jira/v2#** github.com/ctreminiom/go-atlassian/jira#** github.com/ctreminiom/go-atlassian/jira/agile#** github.com/ctreminiom/go-atlassian/confluence#** github.com/ctreminiom/go-atlassian/pkg/infra/models#** github.com/jomei/notionapi#** github.com/stripe/stripe-go#** github.com/twilio/twilio-go#** github.com/sendgrid/sendgrid-go#** github.com/hashicorp/go-tfe#** github.com/hashicorp/vault/api#** github.com/hashicorp/consul/api#** github.com/hashicorp/nomad/api#** github.com/grafana/grafana-openapi-client-go/client#** github.com/grafana/grafana-openapi-client-go/*#** github.com/prometheus/client_golang/api#** github.com/DataDog/datadog-api-client-go/api/datadog#** github.com/PagerDuty/go-pagerduty#** github.com/getsentry/sentry-go#Init github.com/zmb3/spotify#** github.com/dghubble/go-twitter/twitter#** github.com/vartanbeno/go-reddit/reddit#** | client | talks to a service
        github.com/ctreminiom/go-atlassian/pkg/infra/models#** | none | only names data
        github.com/sashabaranov/go-openai#{NewClient,NewClientWithConfig,DefaultConfig} github.com/liushuangls/go-anthropic#NewClient github.com/google/generative-ai-go/genai#NewClient google.golang.org/genai#NewClient github.com/tmc/langchaingo/llms/*#New github.com/tmc/langchaingo/llms/openai#New github.com/cohere-ai/cohere-go/client#** github.com/replicate/replicate-go#** | client | asks a language model
        github.com/openai/openai-go#NewClient github.com/anthropics/anthropic-sdk-go#NewClient | client,env | asks a language model
        github.com/ollama/ollama/api#{ClientFromEnvironment,NewClient} | client,env | asks a language model
        // Kubernetes and containers
        k8s.io/client-go/kubernetes#{NewForConfig,NewForConfigOrDie,NewForConfigAndClient} k8s.io/client-go/dynamic#{NewForConfig,NewForConfigOrDie} k8s.io/client-go/discovery#{NewDiscoveryClientForConfig,NewDiscoveryClientForConfigOrDie} k8s.io/client-go/rest#{RESTClientFor,HTTPClientFor} sigs.k8s.io/controller-runtime/pkg/client#New k8s.io/client-go/metadata#NewForConfig k8s.io/metrics/pkg/client/clientset/versioned#NewForConfig k8s.io/client-go/tools/remotecommand#{NewSPDYExecutor,NewWebSocketExecutor} k8s.io/client-go/tools/portforward#New | client | talks to a cluster
        k8s.io/client-go/kubernetes#NewForConfig() = k8s.io/client-go/kubernetes#Clientset()
        k8s.io/client-go/tools/clientcmd#{BuildConfigFromFlags,NewDefaultClientConfigLoadingRules,NewNonInteractiveDeferredLoadingClientConfig,LoadFromFile,NewDefaultPathOptions,NewInteractiveDeferredLoadingClientConfig,ClientConfigLoadingRules} sigs.k8s.io/controller-runtime/pkg/client/config#{GetConfig,GetConfigOrDie} k8s.io/cli-runtime/pkg/genericclioptions#NewConfigFlags | read | reads the settings of a cluster
        k8s.io/client-go/tools/clientcmd#NewDefaultClientConfigLoadingRules | env | takes KUBECONFIG into account | medium
        k8s.io/client-go/tools/clientcmd#{WriteToFile,ModifyConfig} | write | changes the settings of a cluster
        k8s.io/client-go/rest#InClusterConfig | read,env | reads the settings of a cluster
        k8s.io/client-go/tools/portforward#New | server | listens for connections to hand on
        helm.sh/helm/pkg/action#** | client,read | works on a cluster
        github.com/docker/docker/client#{NewClientWithOpts,NewEnvClient} github.com/moby/moby/client#{New,NewClientWithOpts} | client | talks to Docker
        {github.com/docker/docker,github.com/moby/moby}/client#{FromEnv,WithHostFromEnv,NewEnvClient} | env | finds Docker by environment variables
        github.com/containers/podman/pkg/bindings#NewConnection | client | talks to Podman
        github.com/testcontainers/testcontainers-go#** | client,exec | starts containers
        // Databases
        database/sql#{Open,OpenDB} github.com/jmoiron/sqlx#{Open,Connect,MustConnect,ConnectContext,MustOpen} | client | connects to a database | not=0:sqlite3,sqlite,duckdb
        database/sql#Open github.com/jmoiron/sqlx#{Open,Connect,MustConnect,MustOpen} | read,write | keeps a database in a file | is=0:sqlite3,sqlite,duckdb
        github.com/jackc/pgx#** github.com/jackc/pgx/pgxpool#** github.com/jackc/pgx/stdlib#** github.com/lib/pq#** github.com/go-sql-driver/mysql#** github.com/go-pg/pg#** github.com/microsoft/go-mssqldb#** github.com/denisenkom/go-mssqldb#** github.com/sijms/go-ora#** github.com/redis/go-redis#** github.com/go-redis/redis#** github.com/gomodule/redigo/redis#** go.mongodb.org/mongo-driver/mongo#** github.com/elastic/go-elasticsearch#** github.com/opensearch-project/opensearch-go#** github.com/ClickHouse/clickhouse-go#** github.com/neo4j/neo4j-go-driver/neo4j#** github.com/gocql/gocql#** github.com/influxdata/influxdb-client-go#** github.com/qdrant/go-client/qdrant#** github.com/milvus-io/milvus-sdk-go/client#** github.com/weaviate/weaviate-go-client/weaviate#** github.com/snowflakedb/gosnowflake#** gorm.io/driver/{postgres,mysql,sqlserver,clickhouse}#Open go.etcd.io/etcd/client#** github.com/segmentio/kafka-go#** github.com/IBM/sarama#** github.com/confluentinc/confluent-kafka-go/kafka#** github.com/nats-io/nats.go#** github.com/rabbitmq/amqp091-go#** github.com/streadway/amqp#** github.com/eclipse/paho.mqtt.golang#** | client | connects to a database or a message service
        {github.com/mattn/go-sqlite3,modernc.org/sqlite,github.com/glebarez/sqlite,github.com/glebarez/go-sqlite,zombiezen.com/go/sqlite,crawshaw.io/sqlite,github.com/marcboeker/go-duckdb,github.com/ncruces/go-sqlite3}#** gorm.io/driver/sqlite#Open {github.com/dgraph-io/badger,go.etcd.io/bbolt,github.com/boltdb/bolt,github.com/syndtr/goleveldb/leveldb,github.com/cockroachdb/pebble,github.com/blevesearch/bleve,github.com/philippgille/chromem-go,github.com/tidwall/buntdb}#{Open,New,OpenFile,NewPersistentDB,OpenUsing} | read,write | keeps a database in files | path=0
        // Settings
        github.com/joho/godotenv#{Load,Overload,Read} github.com/subosito/gotenv#Load | read | reads a file of variables
        github.com/joho/godotenv#{Load,Overload} github.com/subosito/gotenv#Load | setenv | takes variables from a file | low
        github.com/spf13/viper#{AutomaticEnv,BindEnv} ?.{AutomaticEnv,BindEnv} | env | takes settings from the environment
        github.com/spf13/viper#{ReadInConfig,MergeInConfig,SetConfigFile} ?.ReadInConfig | read | reads a file of settings
        github.com/spf13/viper#{WriteConfig,WriteConfigAs,SafeWriteConfig} | write | writes a file of settings
        github.com/kelseyhightower/envconfig#** github.com/caarlos0/env#** github.com/sethvargo/go-envconfig#** github.com/ilyakaznacheev/cleanenv#** github.com/alexflint/go-arg#MustParse github.com/knadh/koanf/providers/env#** github.com/cosmtrek/env#** | env | takes settings from the environment
        github.com/knadh/koanf/providers/file#Provider github.com/BurntSushi/toml#DecodeFile gopkg.in/ini#Load github.com/ilyakaznacheev/cleanenv#ReadConfig | read | reads a file of settings | path=0
        {gopkg.in/natefinch/lumberjack,gopkg.in/lumberjack}#Logger | write | writes a log file | called
        gopkg.in/natefinch/lumberjack#Logger | delete | removes old log files | called low
        // Files and documents
        github.com/spf13/afero#{NewOsFs,OsFs} | read,write,delete | works on files
        github.com/otiai10/copy#** github.com/mholt/archiver#** github.com/mholt/archives#** github.com/xuri/excelize#{OpenFile,File} | read,write | works on files
        github.com/xuri/excelize#OpenFile().{SaveAs,Save} github.com/xuri/excelize#NewFile().SaveAs ?.SaveAs | write | writes a spreadsheet
        github.com/ledongthuc/pdf#Open github.com/pdfcpu/pdfcpu/pkg/api#** github.com/gabriel-vasile/mimetype#DetectFile github.com/h2non/filetype#MatchFile github.com/bmatcuk/doublestar#{Glob,GlobWalk,FilepathGlob} github.com/karrick/godirwalk#** github.com/disintegration/imaging#Open github.com/djherbis/times#{Stat,Lstat} github.com/go-enry/go-enry#** | read | reads files or folders | path=0
        github.com/go-enry/go-enry#** | none | looks at text
        github.com/disintegration/imaging#Save github.com/google/renameio#** github.com/natefinch/atomic#WriteFile | write | writes files
        github.com/fsnotify/fsnotify#{NewWatcher,NewBufferedWatcher} github.com/radovskyb/watcher#** | read | watches files
        github.com/gofrs/flock#** github.com/nightlyone/lockfile#** | write | locks files
        github.com/go-git/go-git#{PlainOpen,PlainOpenWithOptions} | read | reads a repository | path=0
        github.com/go-git/go-git#{PlainClone,PlainCloneContext,PlainInit,Clone} | write | writes a repository
        github.com/go-git/go-git#{PlainClone,PlainCloneContext,Clone} | client | clones a repository
        github.com/hashicorp/go-getter#** | client,write | downloads files
        golang.org/x/tools/go/packages#Load golang.org/x/tools/imports#** | read,exec | asks the Go command about packages
        // Programs and the machine
        github.com/go-cmd/cmd#** github.com/bitfield/script#Exec github.com/creack/pty#{Start,StartWithSize} mvdan.cc/sh/interp#New github.com/codeskyblue/go-sh#** github.com/cli/go-gh#Exec github.com/google/goexpect#** github.com/hashicorp/go-plugin#NewClient github.com/hashicorp/terraform-exec/tfexec#** | exec | starts programs
        github.com/cli/browser#** github.com/pkg/browser#{OpenURL,OpenFile} github.com/skratchdot/open-golang/open#** github.com/toqueteos/webbrowser#** | exec | opens a browser
        {github.com/chromedp/chromedp,github.com/go-rod/rod,github.com/playwright-community/playwright-go,github.com/tebeka/selenium,github.com/mxschmitt/playwright-go}#** | exec,client | drives a browser
        github.com/chromedp/cdproto#** | none | only names data
        github.com/shirou/gopsutil/{cpu,mem,disk,host,load,net,process}#** github.com/mitchellh/go-ps#** github.com/prometheus/procfs#** github.com/jaypipes/ghw#** | read | asks the system about itself
        github.com/shirou/gopsutil/process#** github.com/mitchellh/go-ps#** | process | looks at processes | medium
        github.com/zalando/go-keyring#** github.com/99designs/keyring#** | exec | uses the system's key store | low
        // Desktop and devices
        {github.com/atotto/clipboard,github.com/tiagomelo/go-clipboard/clipboard}#{ReadAll,PasteText} golang.design/x/clipboard#{Read,Watch} | paste | reads the clipboard
        {github.com/atotto/clipboard,github.com/tiagomelo/go-clipboard/clipboard}#{WriteAll,CopyText} golang.design/x/clipboard#Write | copy | changes the clipboard
        github.com/atotto/clipboard#{ReadAll,WriteAll} | exec | starts a clipboard program | medium
        github.com/kbinani/screenshot#{Capture*,CaptureRect,CaptureDisplay} github.com/vova616/screenshot#** github.com/go-vgo/robotgo#{CaptureScreen,CaptureImg,Capture,GetPixelColor,SaveCapture,CaptureGo} | screen | captures the screen
        github.com/kbinani/screenshot#{NumActiveDisplays,GetDisplayBounds} | none | asks for the displays
        github.com/go-vgo/robotgo#{ReadAll,PasteStr} | paste | reads the clipboard
        github.com/go-vgo/robotgo#{WriteAll,PasteStr} | copy | changes the clipboard
        {github.com/gen2brain/beeep,github.com/martinlindhe/notify,github.com/0xAX/notificator,github.com/esiqveland/notify,github.com/go-toast/toast,github.com/deckarep/gosx-notifier,git.sr.ht/~jackmordaunt/go-toast}#** | notify | shows notifications
        gocv.io/x/gocv#{OpenVideoCapture,VideoCaptureDevice} github.com/blackjack/webcam#** github.com/pion/mediadevices#GetUserMedia github.com/vladimirvivien/go4vl/device#** | camera | uses the camera
        github.com/gordonklaus/portaudio#{OpenStream,OpenDefaultStream} github.com/gen2brain/malgo#InitDevice | microphone | records sound | medium
        github.com/gordonklaus/portaudio#{OpenStream,OpenDefaultStream} github.com/gen2brain/malgo#InitDevice | speaker | plays sound | medium
        {github.com/ebitengine/oto,github.com/hajimehoshi/oto}#NewContext {github.com/gopxl/beep,github.com/faiface/beep}/speaker#** github.com/hajimehoshi/ebiten/audio#** github.com/hegedustibor/htgo-tts#** | speaker | plays sound
        {tinygo.org/x/bluetooth,github.com/go-ble/ble,github.com/muka/go-bluetooth/api,github.com/paypal/gatt,github.com/currantlabs/ble}#** | bluetooth | uses Bluetooth
        {go.bug.st/serial,github.com/tarm/serial,github.com/jacobsa/go-serial/serial,github.com/google/gousb,periph.io/x/host,github.com/karalabe/hid}#** | read,write | opens a device
        """
}
