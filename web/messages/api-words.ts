/** Words of the page of the API. */
export const API_WORDS = {
  ja: {
    title: "乗ってのAPI",
    intro:
      "この画面の問い合わせは、|ほかの画面や車内の端末と|同じAPIに届きます。|いまサインインしている人に|許された答えだけが返ります。",
    query: "問い合わせ（GraphQL）",
    send: "送る",
    sending: "待っています",
    answer: "答え",
    schema: "決まりの全文",
    schemaText: "すべての項目の説明です。|お金は最小単位の整数、|時刻はUTCのミリ秒です。",
    failed: "答えがありません。|ネットワークを確かめて、|もういちど送ってください。",
    schemaMissing: "決まりの全文を読めませんでした。|画面を開き直してください。",
  },
  en: {
    title: "The API of Notte",
    intro:
      "Queries from this page go to the same API as those of every screen and of the tablet in the cab. |You get the answers that whoever is signed in may have.",
    query: "Query (GraphQL)",
    send: "Send",
    sending: "Waiting",
    answer: "Answer",
    schema: "The whole schema",
    schemaText: "Every field is described. |Money is in integer minor units, |instants are milliseconds in UTC.",
    failed: "There is no answer. |Check the network and send it again.",
    schemaMissing: "The schema could not be read. |Please open the page again.",
  },
} as const;
