using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Chartroom.Input;

/// <summary>A field of text as it stands in the browser.</summary>
internal sealed record FieldInSight(string Name, string Type, string Value);

/// <summary>A form as it stands in the browser. <c>IsSwapped</c>: htmx puts what comes back in its own place.</summary>
internal sealed record FormInSight(int Index, string Id, string Action, string Method, bool IsSearch, bool IsSwapped, FieldInSight[] Fields);

/// <summary>What a reader has before them: the forms with fields of text, all words, and how much of it is markup that no page of ours holds.</summary>
internal sealed partial record PageInSight(FormInSight[] Forms, string Text, int Strange)
{
    public static async Task<PageInSight> OfAsync(IPage page) => JsonSerializer.Deserialize<PageInSight>(await page.EvaluateAsync<string>("""
        () => {
            const isText = e => e.name && !e.readOnly && !e.disabled
                && (e.tagName === 'TEXTAREA' || e.tagName === 'INPUT' && ['text', 'search', 'email', 'tel', 'url', 'password'].includes(e.type));
            return JSON.stringify({
                forms: [...document.forms].map((form, index) => ({
                    index, id: form.id, action: form.getAttribute('action') || location.pathname, method: form.method, isSearch: form.getAttribute('role') === 'search',
                    isSwapped: form.getAttribute('hx-target') === 'this', fields: [...form.elements].filter(isText).map(e => ({ name: e.name, type: e.type, value: e.value })),
                })).filter(form => form.fields.length > 0),
                text: document.body.textContent,
                strange: document.querySelectorAll('script:not([src]), iframe, object, embed, base, body style, [onclick], [onerror], [onload], [onfocus], [onmouseover], [srcdoc], a[href^="javascript:" i]').length,
            });
        }
        """), JsonSerializerOptions.Web)!;   // an object each time

    /// <summary>The same form in a later sight of the page.</summary>
    public FormInSight? Same(FormInSight form) => Forms.FirstOrDefault(it => it.Id == form.Id && it.Action == form.Action) ?? Forms.FirstOrDefault(it => it.Action == form.Action);

    /// <summary>Whether the words stand there as they are read: spaces at the ends and their kinds do not count.</summary>
    public bool Shows(string typed) => Plain(typed) is { Length: > 0 } words
        && (Plain(Text).Contains(words, StringComparison.Ordinal) || Forms.SelectMany(form => form.Fields).Any(field => Plain(field.Value).Contains(words, StringComparison.Ordinal)));

    /// <summary>A text as a reader reads it. Of the signs U+0080 to U+009F a page can only hold references, and HTML reads those as Windows-1252 (its standard, 13.2.5.80).</summary>
    public static string Plain(string text)
    {
        var read = string.Concat(text.Select(sign => sign is >= '\u0080' and <= '\u009F' ? Windows.GetString([(byte)sign])[0] : sign));
        return Spaces().Replace(IsText(read) ? read.Normalize() : read, " ").Trim();
    }

    private static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;   // comes with the runtime

    // What is no Unicode text has no normal form.
    private static bool IsText(string text) => !text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
