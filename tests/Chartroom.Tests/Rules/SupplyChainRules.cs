using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Chartroom.Rules;

/// <summary>Which libraries come along. Their list is a document of its own, so that one that is new, gone or another stands in the difference of a change and is read.</summary>
public sealed partial class SupplyChainRules
{
    private static readonly string[] BuildOnly = ["Microsoft.CodeAnalysis.BannedApiAnalyzers"];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void The_bill_of_materials_names_every_library_that_is_shipped_with_version_and_hash()
    {
        var libraries = OfDotnet().Concat(OfNode()).Concat(OfTheImage()).OrderBy(it => it.Purl, StringComparer.Ordinal).ToList();
        Assert.True(libraries.Count > 40, $"{libraries.Count} libraries: the rule has stopped looking.");
        var bill = new JsonObject
        {
            ["bomFormat"] = "CycloneDX", ["specVersion"] = "1.5", ["version"] = 1,
            ["metadata"] = new JsonObject { ["component"] = new JsonObject { ["type"] = "application", ["name"] = "chartroom" } },
            ["components"] = new JsonArray([.. libraries.Select(it => it.Written())]),
        };

        SourceTree.HoldDocument("docs/sbom.cdx.json", bill.ToJsonString(Readable) + "\n");
    }

    [Fact]
    public void Every_library_has_one_fixed_version_and_a_hash_that_a_restore_holds_it_to()
    {
        var projects = Files("src", "*.csproj").Concat(Files("tests", "*.csproj")).ToList();
        Assert.True(projects.Count >= 5, $"{projects.Count} projects: the rule has stopped looking.");
        Assert.DoesNotContain(projects, project => !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")));   // every path has a directory
        Assert.Contains("<RestorePackagesWithLockFile>true<", Text("Directory.Build.props"), StringComparison.Ordinal);
        Assert.DoesNotContain(projects, project => Version().IsMatch(File.ReadAllText(project)));   // versions stand in one place
        Assert.All(Versions().Matches(Text("Directory.Packages.props")), it => Assert.Matches(@"^\d+(\.\d+)+(-[0-9a-z.]+)?$", it.Groups[1].Value));

        Assert.DoesNotContain(projects.SelectMany(project => Locked(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))), it => it.Hash is null);
        Assert.DoesNotContain(Packages(), it => it.Value["integrity"] is null);
        Assert.All(JsonNode.Parse(Text("package.json"))!.AsObject().Where(it => it.Key.EndsWith("ependencies", StringComparison.Ordinal)).SelectMany(it => it.Value!.AsObject()),
            it => Assert.Matches(@"^\d+\.\d+\.\d+$", (string)it.Value!));
        Assert.Matches(@"npm ci --ignore-scripts", Text("scripts/assets.sh"));   // exactly what the lock file says, and nothing of theirs is run
    }

    /// <param name="Hash">SHA-512, hexadecimal; null where the place gives none.</param>
    private sealed record Library(string Purl, string Name, string? Version, string? Hash, bool IsShipped)
    {
        public JsonObject Written()
        {
            var written = new JsonObject { ["type"] = "library", ["name"] = Name };
            if (Version is not null) written["version"] = Version;
            if (!IsShipped) written["scope"] = "excluded";   // CycloneDX's word for what helps to build and does not come along
            if (Hash is not null) written["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = Hash });
            written["purl"] = Purl;
            return written;
        }
    }

    private static IEnumerable<Library> OfDotnet() => Files("src", "packages.lock.json").SelectMany(Locked).DistinctBy(it => (it.Name, it.Version))
        .Select(it => new Library($"pkg:nuget/{it.Name}@{it.Version}", it.Name, it.Version, Hex(it.Hash), !BuildOnly.Contains(it.Name)));

    /// <summary>What the pages load is copied from these into the program (scripts/assets.sh); the rest helps to make it smaller.</summary>
    private static IEnumerable<Library> OfNode()
    {
        var copied = Text("scripts/assets.sh");
        return Packages().Where(it => it.Value["dev"] is null).Select(it => (Name: it.Key.Split("node_modules/")[^1], it.Value))
            .Select(it => new Library($"pkg:npm/{it.Name.Replace("@", "%40", StringComparison.Ordinal)}@{it.Value["version"]}", it.Name, (string)it.Value["version"]!,
                Hex(((string)it.Value["integrity"]!)["sha512-".Length..]), copied.Contains($"node_modules/{it.Name}/", StringComparison.Ordinal)));
    }

    /// <summary>Debian's, in the version that its newest security fix has when the image is built.</summary>
    private static IEnumerable<Library> OfTheImage() => Installed().Match(Text("deploy/Dockerfile")).Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(name => new Library($"pkg:deb/debian/{name}?distro=debian-12", name, null, null, true));

    private static IEnumerable<(string Name, string Version, string? Hash)> Locked(string file) =>
        from framework in JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!.AsObject()
        from package in framework.Value!.AsObject()
        where (string)package.Value!["type"]! != "Project"
        select (package.Key, (string)package.Value["resolved"]!, (string?)package.Value["contentHash"]);

    private static IEnumerable<KeyValuePair<string, JsonNode>> Packages() =>
        JsonNode.Parse(Text("package-lock.json"))!["packages"]!.AsObject().Where(it => it.Key.Length > 0).Select(it => KeyValuePair.Create(it.Key, it.Value!));   // the first is ourselves

    private static string? Hex(string? base64) => base64 is null ? null : Convert.ToHexStringLower(Convert.FromBase64String(base64));

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), pattern, SearchOption.AllDirectories)
        .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static string Text(string file) => File.ReadAllText(Path.Combine(SourceTree.Root, file));

    [GeneratedRegex(@"<PackageReference[^>]*\bVersion=")]
    private static partial Regex Version();

    [GeneratedRegex(@"<PackageVersion [^>]*\bVersion=""([^""]*)""")]
    private static partial Regex Versions();

    [GeneratedRegex(@"apt-get install -y --no-install-recommends ([a-z0-9. +-]+?) *\\?\n")]
    private static partial Regex Installed();
}
