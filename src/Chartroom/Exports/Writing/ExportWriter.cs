using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chartroom.Exports;

/// <summary>The two forms of an export.</summary>
public enum ExportForm
{
    /// <summary>UTF-8 with byte order mark, for spreadsheets.</summary>
    Csv,
    /// <summary>One array of objects.</summary>
    Json,
}

/// <summary>One row in both forms: the cells of its line, and the object.</summary>
internal sealed record ExportRow(IReadOnlyList<string?> Cells, object Object);

/// <summary>Writes rows as they come; holds one row at a time.</summary>
internal sealed class ExportWriter(Stream target, ExportForm form)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // a file of its own, never put into HTML
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private bool hasRows;

    public ExportForm Form => form;

    public async Task BeginAsync(IReadOnlyList<string> header, CancellationToken ct)
    {
        if (form == ExportForm.Csv) await target.WriteAsync(Encoding.UTF8.GetPreamble(), ct);
        await TextAsync(form == ExportForm.Csv ? CsvLine.Of(header) : "[", ct);
    }

    public async Task WriteAsync(ExportRow row, CancellationToken ct)
    {
        if (form == ExportForm.Csv) await TextAsync(CsvLine.Of(row.Cells), ct);
        else
        {
            await TextAsync(hasRows ? ",\n" : "\n", ct);
            await target.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(row.Object, Json), ct);
        }
        hasRows = true;
    }

    /// <summary>A file without its end was cut off.</summary>
    public Task EndAsync(CancellationToken ct) => form == ExportForm.Csv ? Task.CompletedTask : TextAsync("\n]\n", ct);

    private async Task TextAsync(string text, CancellationToken ct) => await target.WriteAsync(Utf8.GetBytes(text), ct);
}
