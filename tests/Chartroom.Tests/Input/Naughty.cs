using System.Text.Json.Nodes;

namespace Chartroom.Input;

/// <summary>Strings that break careless programs: our own everywhere, the published lists where they are there.</summary>
internal static class Naughty
{
    private static readonly string[] Own =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>", "javascript:alert(1)",
        "<a href=\"javascript:alert(1)\">x</a>", "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>", "<style>body{display:none}</style>", "<base href=//x.test>", "<meta http-equiv=refresh content=0>",
        "<!--", "-->", "]]>", "{{7*7}}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "@(7*7)", "' or 1=1--", "'; drop table patient; --", "\\", "%00", "%s%n", "../../etc/passwd", "Zoë Łuc", "王小明", "محمد", "🤒👩🏽‍⚕️",
        "ﷺ", "\u202Etxet\u202C", "a\u0300\u0301\u0302", "O'Brien", "null", "undefined", "NaN", "true", "-1e309", "&lt;b&gt;", "&#x41;", "\uFEFFx", "<x onclick=alert(1) style=position:fixed>y</x>",
    ];

    /// <summary>A share of the lists in the suite, all of them when asked for.</summary>
    public static IReadOnlyList<string> Strings(bool isWhole)
    {
        if (SharedData.Root is not { } root) return Own;
        var folder = Path.Combine(root, "security/strings");
        var published = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "blns.json")))!.AsArray().Select(it => (string)it!)
            .Concat(Directory.GetFiles(Path.Combine(folder, "payloads")).Order(StringComparer.Ordinal).SelectMany(File.ReadLines))
            .Concat(Nodes(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "dompurify_expect.json")))).Select(it => (string?)it["payload"]).OfType<string>())
            .Where(text => text.Trim().Length > 0).Distinct().ToList();
        return [.. Own, .. published.Where((_, number) => isWhole || number % 40 == 7)];
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        JsonArray list => list.OfType<JsonObject>(),
        JsonObject record => record.Select(it => it.Value).OfType<JsonArray>().SelectMany(list => list.OfType<JsonObject>()),
        _ => [],
    };
}
