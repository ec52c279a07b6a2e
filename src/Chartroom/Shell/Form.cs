using Chartroom.Platform.Web;
using Microsoft.Extensions.Primitives;

namespace Chartroom.Shell;

/// <summary>
/// A posted form read into <typeparamref name="TAsk"/>, the same record that the API reads from JSON. A minimal-API parameter:
/// <c>async (Form&lt;BookAppointment&gt; form, BookAppointmentHandler handler, Actor actor, CancellationToken ct)</c>.
/// Field names are the record's parameters in camelCase; <c>rooms[0].name</c> for records in a list, a repeated name for a list of values.
/// </summary>
public sealed class Form<TAsk>
{
    private readonly IReadOnlyDictionary<string, StringValues> typed;

    private Form(IFormCollection fields)
    {
        typed = fields.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal);
        Files = fields.Files;
        Ask = FormReader.Read<TAsk>(fields);
    }

    /// <summary>What was asked, or the refusal <c>form.invalid</c> (422) that names each field which could not be read.</summary>
    public Outcome<TAsk> Ask { get; }

    /// <summary>Files sent along, empty when there are none.</summary>
    public IFormFileCollection Files { get; }

    /// <summary>The version the person saw when they opened the form, or null when the form has none.</summary>
    public long? Version => long.TryParse(typed.GetValueOrDefault("version"), out var version) ? version : null;

    /// <summary>Hands a readable form to the act; an unreadable one is refused without it.</summary>
    public async Task<Outcome<TResult>> ThenAsync<TResult>(Func<TAsk, Task<Outcome<TResult>>> act) =>
        Ask.IsOk ? await act(Ask.Value) : Ask.Refusal;

    /// <summary>All that was typed, with nothing wrong about it: for a form that carries it on.</summary>
    public FormState Typed => new(typed, null);

    /// <summary>The state for showing the form again: all that was typed, and why it came back.</summary>
    public FormState Again(Refusal refusal) => new(typed, refusal);

    /// <summary>Minimal-API binding. Anything but a form is refused by the platform.</summary>
#pragma warning disable CA1000 // minimal APIs look for BindAsync on the parameter's own type
    public static async ValueTask<Form<TAsk>?> BindAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            throw new BadHttpRequestException("Not a form.", StatusCodes.Status415UnsupportedMediaType);
        return new(await Bodies.ReadFormAsync(context.Request, context.RequestAborted));
    }
#pragma warning restore CA1000
}

/// <summary>What a form asks that carries a key and a version and nothing else: a button.</summary>
public sealed record Nothing;
