using System.Net;
using Chartroom.Journeys;
using Microsoft.Playwright;

namespace Chartroom.Input;

/// <summary>Somebody who types one string after the other into the fields of pages, sends them by the page's own button, and reads what comes back.</summary>
internal sealed class Typist
{
    private readonly Visitor visitor;
    private readonly string who;
    private readonly Func<string> next;
    private readonly List<string> faults;
    private readonly List<string> dialogs = [];

    public Typist(Visitor visitor, string who, Func<string> next, List<string> faults)
    {
        (this.visitor, this.who, this.next, this.faults) = (visitor, who, next, faults);
        visitor.Page.Dialog += (_, dialog) =>
        {
            if (dialog.Type != "beforeunload") lock (dialogs) dialogs.Add($"a dialog says {dialog.Message}");   // "leave without saving?" is ours
            _ = dialog.AcceptAsync();
        };
        visitor.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/policy-reports", StringComparison.Ordinal)) lock (dialogs) dialogs.Add($"the policy was broken: {request.PostData}");
        };
    }

    /// <summary>Fields typed into; sent forms that were taken, and refused; values that came back in the form, and that a page showed after they were saved.</summary>
    public (int Typed, int Taken, int Refused, int Back, int Shown) Counts { get; private set; }

    /// <summary>Fields whose text no page showed again once it was saved: a search, a reason that only the audit log tells.</summary>
    public HashSet<string> Unseen { get; } = [];

    /// <summary>Fields that were typed into.</summary>
    public HashSet<string> Fields { get; } = [];

    /// <summary>All forms of a page, each once for all: every field at once, and where that is refused one alone beside plausible others, so that some is refused and some is saved.</summary>
    public async Task TypeAsync(string page, string[] actions, ISet<string> sent)
    {
        if (actions.All(action => sent.Contains(KeyOf(page, action)))) return;
        await visitor.Page.GotoAsync(page);
        var seen = await PageInSight.OfAsync(visitor.Page);
        foreach (var form in seen.Forms.Where(form => sent.Add(KeyOf(page, form.Action))))
        {
            var isTaken = await SendAsync(page, form, alone: null);
            if (!isTaken && form.Fields.Length > 1) await SendAsync(page, form, alone: Counts.Typed % form.Fields.Length);
        }
        foreach (var action in actions) sent.Add(KeyOf(page, action));   // those without a field, too
    }

    // The search stands on every page, signing out too.
    private static string KeyOf(string page, string action) => action is "/patients/search" or "/sign-out" ? action : $"{Walk.KindOf(page)} {Walk.KindOf(action)}";

    private async Task<bool> SendAsync(string page, FormInSight form, int? alone)
    {
        var at = $"{who} {Walk.KindOf(page)} {Walk.KindOf(form.Action)}";
        string[] typed = [];
        var before = Counts.Taken;
        try
        {
            await visitor.Page.GotoAsync(page);
            if (!await PrepareAsync(form, alone is not null)) return true;
            typed = await FillAsync(form, alone);
            if (typed.Length == 0) return true;
            foreach (var field in form.Fields) Fields.Add($"{at} {field.Name}");
            await ReadAsync(page, at, form, typed, alone, await SubmitAsync(form));
        }
        catch (Exception e) when (e is TimeoutException or PlaywrightException)
        {
            faults.Add($"{at}: {e.Message.Split('\n')[0]} at {string.Join(" | ", typed)}");
        }
        lock (dialogs)
        {
            faults.AddRange(dialogs.Concat(visitor.Complaints).Select(it => $"{at}: {it} at {string.Join(" | ", typed)}"));
            dialogs.Clear();
        }
        visitor.Forgive();
        return Counts.Taken > before;
    }

    /// <summary>Finds the form again, opens what it is folded into, chooses something wherever something has to be chosen, and, for a field alone, fills the others.</summary>
    private Task<bool> PrepareAsync(FormInSight form, bool withText) => visitor.Page.EvaluateAsync<bool>("""
        ([index, id, action, withText]) => {
            const form = [...document.forms].find(it => it.id === id && (it.getAttribute('action') || location.pathname) === action);
            if (!form) return false;
            form.setAttribute('data-typed', '');
            for (let e = form; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
            form.querySelectorAll('details').forEach(e => e.open = true);
            const likely = { email: 'someone@example.com', tel: '(555) 201-3344', date: '1980-03-04', time: '09:30', number: '10', password: 'plover umbral Sextet 7' };
            for (const e of form.elements) {
                if (e.tagName === 'SELECT' && !e.value) e.selectedIndex = [...e.options].findIndex(it => it.value);
                if (e.type === 'radio' && ![...form.elements].some(it => it.name === e.name && it.checked)) e.checked = true;
                if (['date', 'time', 'number'].includes(e.type) && !e.value) e.value = likely[e.type];
                if (withText && e.required && !e.value && ['text', 'email', 'tel', 'password', 'textarea'].includes(e.type)) e.value = e.inputMode === 'numeric' ? '10' : likely[e.type] ?? 'Sample words';
            }
            return true;
        }
        """, new object[] { form.Index, form.Id, form.Action, withText });

    /// <summary>Types as a person does; what a field takes is read from it.</summary>
    private async Task<string[]> FillAsync(FormInSight form, int? alone)
    {
        var values = new List<string>();
        foreach (var (field, number) in form.Fields.Select((field, number) => (field, number)))
        {
            if (alone is { } only && only != number) continue;
            var earlier = form.Fields.Take(number).Count(it => it.Name == field.Name);
            var box = visitor.Page.Locator($"form[data-typed] [name=\"{field.Name}\"]").Nth(earlier);
            if (!await box.IsVisibleAsync()) continue;
            var text = next();
            await box.FillAsync(text);
            var taken = await box.InputValueAsync();
            var cut = await box.GetAttributeAsync("maxlength") is { } most && taken.Length >= int.Parse(most, System.Globalization.CultureInfo.InvariantCulture) - 1;   // no browser leaves half a pair
            if (!cut && PageInSight.Plain(taken).Replace(" ", "", StringComparison.Ordinal) != PageInSight.Plain(text).Replace(" ", "", StringComparison.Ordinal)) faults.Add($"{form.Action} {field.Name} took {taken} for {text}");
            values.Add($"{number}\n{taken}");
        }
        Counts = Counts with { Typed = Counts.Typed + values.Count };
        return [.. values];
    }

    private async Task<IResponse> SubmitAsync(FormInSight form)
    {
        var page = visitor.Page;
        var buttons = page.Locator("form[data-typed] button[type=submit]:visible");
        var main = page.Locator("form[data-typed] button[type=submit]:is(.btn-primary, .btn-danger):visible");
        var response = await page.RunAndWaitForResponseAsync(
            async () =>
            {
                if (await main.CountAsync() > 0) await main.Last.ClickAsync();
                else if (await buttons.CountAsync() > 0) await buttons.Last.ClickAsync();
                else await page.Locator("form[data-typed] input:is([type=text], [type=search]):visible").Last.PressAsync("Enter");
            },
            answer => answer.Request.Method.Equals(form.Method, StringComparison.OrdinalIgnoreCase) && new Uri(answer.Url).AbsolutePath == form.Action.Split('?')[0]);
        var (isRefusedInPlace, leads) = (response.Headers.ContainsKey("chartroom-refusal"), response.Headers.ContainsKey("hx-redirect") || response.Status is 303 || form.Method == "get");
        if (!isRefusedInPlace && !form.IsSearch && (leads || form.IsSwapped || response.Status >= 400)) await page.Locator("[data-typed]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        else await page.Locator("[data-typed][aria-busy]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await page.WaitForLoadStateAsync();
        return response;
    }

    private async Task ReadAsync(string page, string at, FormInSight form, string[] typed, int? alone, IResponse answer)
    {
        var isRefused = answer.Status >= 400;
        Counts = Counts with { Taken = Counts.Taken + (isRefused ? 0 : 1), Refused = Counts.Refused + (isRefused ? 1 : 0) };
        var seen = await PageInSight.OfAsync(visitor.Page);
        PageInSight? later = null;
        foreach (var (field, value) in typed.Select(it => it.Split('\n', 2)).Select(it => (form.Fields[int.Parse(it[0], System.Globalization.CultureInfo.InvariantCulture)], it[1])))
        {
            var again = seen.Same(form)?.Fields.Where(it => it.Name == field.Name).ToArray() ?? [];
            if (field.Type == "password")
            {
                if (isRefused && again.Any(it => it.Value.Length > 0)) faults.Add($"{at}: the password in {field.Name} came back");
            }
            else if (isRefused && !again.Any(it => PageInSight.Plain(it.Value) == PageInSight.Plain(value)) && seen.Shows(value)) Counts = Counts with { Shown = Counts.Shown + 1 };   // a part of it was saved
            else if (isRefused) Refused(at, field, value, again, answer);
            else if (seen.Shows(value) || (later ??= await ReadLaterAsync(page)).Shows(value)) Counts = Counts with { Shown = Counts.Shown + 1 };
            else if (seen.Text.Contains(WebUtility.HtmlEncode(value), StringComparison.Ordinal) || later.Text.Contains(WebUtility.HtmlEncode(value), StringComparison.Ordinal)) faults.Add($"{at}: {value} is shown encoded twice");
            else Unseen.Add($"{at} {field.Name}{(alone is null ? "" : " alone")}");
        }
        if (seen.Strange + (later?.Strange ?? 0) > 0) faults.Add($"{at}: markup of a stranger in the page after {string.Join(" | ", typed)}");
    }

    private void Refused(string at, FieldInSight field, string value, FieldInSight[] again, IResponse answer)
    {
        if (again.Any(it => PageInSight.Plain(it.Value) == PageInSight.Plain(value))) Counts = Counts with { Back = Counts.Back + 1 };
        else faults.Add($"{at}: {answer.Status}, {field.Name} came back as {string.Join(" | ", again.Select(it => it.Value))}, typed was {value}");
    }

    private async Task<PageInSight> ReadLaterAsync(string page)
    {
        await visitor.Page.GotoAsync(page);
        return await PageInSight.OfAsync(visitor.Page);
    }
}
