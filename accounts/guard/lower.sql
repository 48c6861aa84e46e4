SELECT set_config('role', 'none', false), set_config('gatepost.reader', '', false),
    set_config('gatepost.engagements', '', false), set_config('gatepost.organizations', '', false)
