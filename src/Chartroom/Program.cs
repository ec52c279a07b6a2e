using Chartroom.Shell;

// Every regular expression that says nothing else gives up after so long: the backstop behind CodeRules, which tries them all.
AppContext.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromSeconds(5));
return await Verbs.RunAsync(args);

/// <summary>Named for the tests' host.</summary>
public partial class Program;
