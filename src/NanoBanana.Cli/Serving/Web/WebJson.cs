using System.Text.Json;
using System.Text.Json.Serialization;

namespace NanoBanana.Cli.Serving.Web;

/// <summary>How the server's own values become JSON and come from it, made when nb is built.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(WebClient.Entry[]))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class WebJson : JsonSerializerContext;
