using System.Text;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>
/// The texts of JSONTestSuite at the doors that read JSON: as they are, and as the value of a property nobody asked for within a body that is right. The suite goes
/// through one door of each kind of reader, and the barest texts through every operation; CHARTROOM_INPUT=all sends all through all.
/// </summary>
public sealed class JsonSuiteTests(ITestOutputHelper output)
{
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("CHARTROOM_INPUT") == "all";

    /// <summary>What the framework binds, what the chart reads itself, and the file of an import.</summary>
    private static readonly string[] Kinds = ["POST /api/v1/patients/search", "POST /api/v1/patients/{id}/entries"];

    private readonly List<string> faults = [];
    private int tries;

    /// <summary>What leaves an operation with nothing to go by; goes through every door in each run.</summary>
    private static readonly string[] Bare = ["n_structure_no_data.json", "y_structure_lonely_null.json", "y_object_empty.json", "y_array_empty.json", "y_structure_lonely_string.json"];

    [SharedDataFact]
    public async Task PRV_12_The_188_texts_that_are_no_json_are_refused_at_every_door_the_95_that_are_pass_and_none_of_the_318_is_a_fault()
    {
        await using var examples = await Examples.OpenAsync();
        var texts = SharedData.Files("security/strings/JSONTestSuite", "*.json").Select(file => (Name: Path.GetFileName(file), Bytes: File.ReadAllBytes(file))).ToList();
        Assert.Equal(188, texts.Count(text => text.Name[0] == 'n'));
        var doors = examples.All;
        Assert.Equal(Kinds.Length, doors.Count(door => Kinds.Contains(door.Name)));

        foreach (var door in doors)
        {
            var asked = await door.MakeAsync();
            var right = asked.Body.ToJsonString()[..^1];
            foreach (var (name, bytes) in texts.Where(text => IsWhole || Kinds.Contains(door.Name) || Bare.Contains(text.Name)))
            {
                Judge(door.Name, name, "as it is", await examples.SendAsync(door, asked, bytes), mayPass: name[0] != 'n');
                byte[] within = [.. Encoding.UTF8.GetBytes(right), .. ",\"unasked\":"u8, .. bytes, (byte)'}'];
                Judge(door.Name, name, "within", await examples.SendAsync(door, asked, within), mayPass: name[0] != 'n', mustPass: name[0] == 'y' && door.Name == Kinds[0]);
            }
        }
        var import = new Example("POST", "/api/v1/imports", ClinicRole.Provider, true, () => throw new NotSupportedException());
        foreach (var (name, bytes) in texts) Judge(import.Name, name, "as it is", await examples.SendAsync(import, new("/api/v1/imports", []), bytes), mayPass: false);

        output.WriteLine($"{tries} requests at {doors.Count + 1} doors with {texts.Count} texts: {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(80)));
    }

    private void Judge(string door, string text, string how, (int Status, string Text) answer, bool mayPass, bool mustPass = false)
    {
        tries++;
        if (answer.Status >= 500) faults.Add($"{door}, {text} {how}: {answer.Status}");
        else if (answer.Status < 400 && !mayPass) faults.Add($"{door}, {text} {how}: taken with {answer.Status}");
        else if (answer.Status >= 400 && mustPass) faults.Add($"{door}, {text} {how}: refused with {answer.Status}");
    }
}
