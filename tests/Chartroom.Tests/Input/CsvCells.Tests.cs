using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Chartroom.Exports;
using Xunit.Abstractions;

namespace Chartroom.Input;

/// <summary>Cells that a spreadsheet would run, typed into every text that leaves in a file, and every CSV file read again.</summary>
public sealed class CsvCellsTests(ITestOutputHelper output)
{
    private static readonly string[] Own =
    [
        "=1+1", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(\"http://x.test\",\"y\")", "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1", "＠x", "'=1+1", "''=1+1", " =1+1", "\"=1+1\"", "=", "a,b", "a\"b", "O'Brien", "'s",
    ];

    /// <summary>The published ones where they are there.</summary>
    private static IReadOnlyList<string> Values() => SharedData.Root is not { } root ? Own :
        [.. Own, .. JsonNode.Parse(File.ReadAllText(Path.Combine(root, "security/export/csv_cells.json")))!["cases"]!.AsArray().Select(it => (string)it!["value"]!).Except(Own)];

    [Fact]
    public void PRV_2_What_was_written_is_read_again_byte_for_byte_and_no_cell_is_a_formula()
    {
        foreach (var value in Values())
        {
            var cell = Assert.Single(Assert.Single(Read(CsvLine.Of([value]))));
            Assert.False(IsRun(cell), value);
            Assert.Equal(value, Meant(cell));
        }
    }

    [Fact]
    public async Task PRV_2_No_cell_of_any_csv_file_is_a_formula_whatever_was_typed_anywhere()
    {
        await using var examples = await Examples.OpenAsync();
        var values = Values();
        var (typed, taken) = (0, 0);
        foreach (var example in examples.All.Where(example => example.IsTaken))
            foreach (var (_, number) in Examples.TextsOf((await example.MakeAsync()).Body).Select((text, number) => (text, number)).ToList())
            {
                var asked = await example.MakeAsync();
                Examples.TextsOf(asked.Body).ElementAt(number).Put(values[typed++ % values.Count]);
                if ((await examples.SendAsync(example, asked)).Status < 400) taken++;
            }
        foreach (var value in values)   // and what no door lets through, as another program might have left it
        {
            await examples.Clinic.RowsAsync<int>("insert into location (id, name, time_zone, city) values (@id, @value || @number, 'America/New_York', @value) returning 1", new { id = Guid.CreateVersion7(), value, number = $"{typed++}" });
            await examples.Clinic.RowsAsync<int>("update staff set display_name = @value where id = @id returning 1", new { value, id = examples.Desk.Provider });
        }

        var (files, cells) = (0, 0);
        using var admin = examples.Clinic.As(ClinicRole.Admin);
        foreach (var path in examples.Document["paths"]!.AsObject().Select(it => it.Key).Where(it => it.EndsWith(".csv", StringComparison.Ordinal)))
        {
            var rows = Read((await admin.GetStringAsync(path)).TrimStart('\uFEFF')).ToList();
            files++;
            cells += rows.Sum(row => row.Count);
            Assert.All(rows, row => Assert.Equal(rows[0].Count, row.Count));
            Assert.All(rows, row => Assert.DoesNotContain(row, IsRun));
            if (path.EndsWith("/location.csv", StringComparison.Ordinal)) Assert.Empty(values.Except(rows.SelectMany(row => row).Select(Meant)));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{values.Count} values in {typed} places ({taken} taken at a door), {cells} cells of {files} files: 0 formulas"));
        Assert.True(files >= 19 && taken > 40, $"{files} {taken}");
    }

    /// <summary>Whether a spreadsheet would run it.</summary>
    private static bool IsRun(string cell) => cell is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..];

    /// <summary>What a program takes from a cell, by the rule of the export.</summary>
    private static string Meant(string cell) => cell is ['\'', ..] && IsRun(cell.TrimStart('\'')) ? cell[1..] : cell;

    /// <summary>RFC 4180, strictly.</summary>
    private static IEnumerable<List<string>> Read(string csv)
    {
        var (row, cell, at) = (new List<string>(), new StringBuilder(), 0);
        while (at < csv.Length)
        {
            if (csv[at] == '"')
            {
                for (at++; csv[at] != '"' || (at + 1 < csv.Length && csv[at + 1] == '"'); at++)
                {
                    if (csv[at] == '"') at++;
                    cell.Append(csv[at]);
                }
                at++;
            }
            else
                while (csv[at] is not (',' or '\r')) cell.Append(csv[at] is '"' or '\n' ? throw new FormatException($"A bare {csv[at]} at {at}.") : csv[at++]);
            row.Add(cell.ToString());
            cell.Clear();
            if (csv[at] == ',')
            {
                at++;
                continue;
            }
            Assert.Equal("\r\n", csv.Substring(at, 2));
            at += 2;
            yield return row;
            row = [];
        }
    }
}
