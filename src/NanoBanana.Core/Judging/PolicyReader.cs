using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NanoBanana.Extensions.Imaging;
using NanoBanana.Models;
using NanoBanana.Pictures;
using NanoBanana.Requests;
using NanoBanana.Storage;

namespace NanoBanana.Judging;

/// <summary>Reads brand.json. Unknown keys are refused, because a misspelled gate would check nothing.</summary>
internal sealed class PolicyReader
{
    private static readonly string[] Keys =
    [
        "name", "minimumScore", "colors", "colorDistance", "logo", "logoScore", "forbiddenWords", "forbiddenThings",
        "safeAreas", "textColor", "maximumBytes", "minimumWidth", "minimumHeight", "aspectRatio", "transparency",
        "minimumContrast", "minimumSharpness", "$schema",
    ];

    private static readonly string[] AreaKeys = ["name", "x", "y", "width", "height", "calm", "contrast"];

    private readonly string _path;
    private readonly JsonObject _json;

    private readonly string? _within;

    private PolicyReader(string path, JsonObject json, string? within)
    {
        _path = path;
        _within = within;
        _json = json;
    }

    public static BrandPolicy Read(string path, Func<string, Anchor>? anchor, string? within) => JsonOverlay.Load(
        path, json => new PolicyReader(path, json, within).Read(anchor),
        (file, error) => PolicyErrors.Invalid(file, error is JsonException { LineNumber: { } line } json
            ? string.Create(CultureInfo.InvariantCulture,
                $"it is not JSON (line {line + 1}, byte {(json.BytePositionInLine ?? 0) + 1}).")
            : error is JsonException ? error.Message : "it is not a JSON object.", error));

    private BrandPolicy Read(Func<string, Anchor>? anchor)
    {
        foreach ((string key, _) in _json)
        {
            if (!Keys.Contains(key, StringComparer.Ordinal)) throw PolicyErrors.UnknownKey(_path, key, Keys);
        }
        if (_json.All(field => field.Key is "name" or "$schema"))
        {
            throw PolicyErrors.Invalid(_path, "it has no gate: nothing would be held back.");
        }
        string? logo = Text(_json, "logo");
        string transparency = Text(_json, "transparency") ?? "any";
        if (transparency is not ("none" or "required" or "any"))
        {
            throw Wrong("transparency", "none, required or any");
        }
        string? ratio = Text(_json, "aspectRatio");
        if (ratio is not null && RatioOf(ratio) is null) throw Wrong("aspectRatio", "two numbers such as 16:9");
        return new BrandPolicy
        {
            Name = Text(_json, "name") ?? Path.GetFileName(_path),
            MinimumScore = Number(_json, "minimumScore", 0, 1),
            Colors = [.. Texts("colors").Select(color => Color("colors", color))],
            ColorDistance = Number(_json, "colorDistance", 0, 1) ?? 0.15,
            LogoScore = Number(_json, "logoScore", 0, 1) ?? 0.8,
            LogoPictures = logo is null ? [] : LogoOf(logo, anchor),
            ForbiddenWords = [.. Texts("forbiddenWords")],
            ForbiddenThings = [.. Texts("forbiddenThings")],
            SafeAreas = [.. Areas()],
            TextColor = Text(_json, "textColor") is { } color ? Color("textColor", color) : null,
            MaximumBytes = (long?)Number(_json, "maximumBytes", 1, 1e12),
            MinimumWidth = (int?)Number(_json, "minimumWidth", 1, 100_000),
            MinimumHeight = (int?)Number(_json, "minimumHeight", 1, 100_000),
            AspectRatio = ratio,
            Transparency = transparency,
            MinimumContrast = Number(_json, "minimumContrast", 0, 1),
            MinimumSharpness = Number(_json, "minimumSharpness", 0, 1e6),
            Sha256 = Blob.HashOf(_json.ToJsonString()),
        };
    }

    /// <summary>Width by height; null for what is not a ratio.</summary>
    public static double? RatioOf(string text) =>
        text.Split(':') is [var left, var right]
            && double.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out double width)
            && double.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out double height)
            && width > 0 && height > 0 ? width / height : null;

    // A file relative to the policy, otherwise an anchor.
    private ImmutableArray<Reference> LogoOf(string logo, Func<string, Anchor>? anchor)
    {
        string folder = Path.GetDirectoryName(_path)!;
        string file = Path.GetFullPath(logo, folder);
        bool isOutside = Inside.IsDisguised(folder, logo, file)
            || (_within is not null && !Inside.LeadsOut(_within, _path) && Inside.LeadsOut(_within, file));
        if (isOutside && File.Exists(file)) throw FileErrors.Outside(_within ?? folder, file);
        if (File.Exists(file)) return [new Reference(Picture.FromFile(file), ReferenceRole.Object, "logo")];
        if (anchor is null || !Anchor.IsName(logo)) throw PolicyErrors.NoLogo(_path, logo, file);
        try
        {
            return [.. anchor(logo).ToReferences()];
        }
        catch (NbException e) when (e.ErrorId == "Nb.Anchor.Unknown")
        {
            throw PolicyErrors.NoLogo(_path, logo, file);
        }
    }

    private IEnumerable<SafeArea> Areas()
    {
        if (_json["safeAreas"] is not { } list) yield break;
        if (list is not JsonArray areas) throw Wrong("safeAreas", "a list of objects");
        for (int i = 0; i < areas.Count; i++)
        {
            if (areas[i] is not JsonObject area) throw Wrong("safeAreas", "a list of objects");
            foreach ((string key, _) in area)
            {
                if (!AreaKeys.Contains(key, StringComparer.Ordinal))
                {
                    throw PolicyErrors.UnknownKey(_path, $"safeAreas.{key}", AreaKeys);
                }
            }
            double Side(string key) => Number(area, key, 0, 1) ?? throw Wrong($"safeAreas.{key}", "a share of 0 to 1");
            var where = new PictureArea(Side("x"), Side("y"), Side("width"), Side("height"));
            bool isInside = where is { Width: > 0, Height: > 0 } && where.X + where.Width <= 1.0001
                && where.Y + where.Height <= 1.0001;
            if (!isInside) throw Wrong("safeAreas", "areas inside the picture");
            yield return new SafeArea(
                Text(area, "name") ?? $"safe area {(i + 1).ToString(CultureInfo.InvariantCulture)}", where,
                Number(area, "calm", 0, 1) ?? 0.7, Number(area, "contrast", 1, 21) ?? 4.5);
        }
    }

    private string? Text(JsonObject from, string key) => from[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) && !string.IsNullOrWhiteSpace(text) => text.Trim(),
        _ => throw Wrong(key, "a text"),
    };

    private double? Number(JsonObject from, string key, double least, double most) => from[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out double number) && number >= least && number <= most => number,
        _ => throw Wrong(key, string.Create(CultureInfo.InvariantCulture, $"a number of {least} to {most}")),
    };

    private string[] Texts(string key) => _json[key] switch
    {
        null => [],
        JsonArray list when list.All(item => item is JsonValue value && value.TryGetValue(out string? text)
            && !string.IsNullOrWhiteSpace(text)) => [.. list.Select(item => item!.GetValue<string>().Trim())],
        _ => throw Wrong(key, "a list of texts"),
    };

    private string Color(string key, string text) =>
        text is ['#', ..] && text.Length == 7 && text.Skip(1).All(char.IsAsciiHexDigit) ? text.ToLowerInvariant()
            : throw Wrong(key, "colors as #rrggbb");

    private NbException Wrong(string key, string wanted) =>
        PolicyErrors.Invalid(_path, $"\"{key}\" must be {wanted}.");
}
