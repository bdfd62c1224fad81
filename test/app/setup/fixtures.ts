/** Files as they are found in the wild, by host: each must come through untouched but for the one entry. */
export const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  claude: {
    'as Claude Code writes it': `${JSON.stringify(
      {
        numStartups: 12,
        tipsHistory: { 'new-user-warmup': 3 },
        oauthAccount: { emailAddress: 'someone@example.org' },
        projects: { '/home/someone/x': { allowedTools: [], mcpServers: { other: { command: 'x' } } } },
        mcpServers: { context7: { type: 'http', url: 'https://mcp.example.org' } },
      },
      null,
      2,
    )}\n`,
    'without any server': '{\n  "numStartups": 1\n}\n',
    'on one line': '{"numStartups":1,"mcpServers":{"other":{"command":"x"}}}',
    'on one line, without servers': '{"a":1}',
    'with no server left': '{\n  "mcpServers": {}\n}\n',
    'with no server left, on one line': '{"mcpServers":{},"z":[1,2]}',
    'an empty object': '{}',
    'an object with a space': '{ }\n',
    'indented with tabs': '{\n\t"mcpServers": {\n\t\t"other": {\n\t\t\t"command": "x"\n\t\t}\n\t}\n}\n',
    'indented by four, with CRLF': '{\r\n    "a": 1,\r\n    "mcpServers": {\r\n    }\r\n}\r\n',
    'without a line end at the end': '{\n  "a": 1\n}',
    'with a byte order mark': '\uFEFF{\n  "a": 1\n}\n',
    'oddly laid out': '{ "a" : 1\n , "mcpServers" : { "other":{"command":"x"}\n\n  } , "b":2 }\n\n\n',
    'with names in other scripts':
      '{\n  "naïve": "日本 \\u00e9 \\ud83d\\ude00",\n  "mcpServers": { "ö": { "command": "é" } }\n}\n',
    'with a repeated name elsewhere': '{"x": {"mcpServers": {"maestro": 1}}, "y": {"mcpServers": 2}}\n',
  },
  gemini: {
    'with comments': `{
  // my settings
  "theme": "Default", // dark
  "mcpServers": {
    /* the one I use */
    "other": { "command": "x" } // keep
    // nothing after this
  },
  "security": { "folderTrust": { "enabled": false } }
}
`,
    'with only a comment in the servers': '{\n  "mcpServers": {\n    // none yet\n  }\n}\n',
    'with a comment at the very end': '{\n  "a": 1 // last\n}\n// after\n',
    'with a block comment in an empty object': '{ /* nothing */ }\n',
    'with commas in a comment': '{\n  "mcpServers": { "other": { "command": "x" } /* , */ }\n}\n',
  },
  cursor: {
    'with trailing commas': '{\n  "mcpServers": {\n    "other": {\n      "command": "x",\n    },\n  },\n}\n',
    'with a trailing comma on one line': '{ "mcpServers": { "other": { "command": "x" }, }, }\n',
  },
  vscode: {
    'with inputs and comments': `{
\t// Servers for everyone
\t"inputs": [
\t\t{ "type": "promptString", "id": "key", "password": true },
\t],
\t"servers": {
\t\t"github": { "type": "http", "url": "https://example.org/mcp/" }, // keep
\t},
}
`,
  },
  codex: {
    'as Codex writes it': `model = "gpt-5.2-codex"
model_reasoning_effort = "high"

[projects."/home/someone/x"]
trust_level = "trusted"

[mcp_servers.other]
command = "npx"
args = ["-y", "other"]

[mcp_servers.other.env]
KEY = "value"
`,
    empty: '',
    'only a comment': '# nothing yet\n',
    'without a line end at the end': 'model = "x"',
    'with empty lines at the end': 'model = "x"\n\n\n',
    'with CRLF': 'model = "x"\r\n\r\n[tui]\r\nnotifications = true\r\n',
    'with a byte order mark': '\uFEFFmodel = "x"\n',
    'with text that looks like tables': `notes = """
[mcp_servers.maestro]
command = "not this"
"""
literal = '''
[[x]]'''
paths = [
  "a", # [mcp_servers.maestro]
  "b",
]
when = 1979-05-27T07:32:00Z
inline = { mcp_servers = { maestro = 1 } }
`,
    'with lists of tables': '[[hooks.list]]\nname = "a"\n\n[[hooks.list]]\nname = "b"\n\n[hooks.list.more]\nx = 1\n',
    'with servers as a table': '[mcp_servers]\nother = { command = "x" }\n\n[tui]\ntheme = "dark"\n',
    'with dotted servers': 'mcp_servers.other.command = "x"\n',
    'with quoted names': '["mcp_servers"."other"]\n"command" = \'x\'\n',
  },
};
